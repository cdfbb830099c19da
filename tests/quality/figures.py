"""The figures as the package carries them and as the README shows them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from .scoring import Answer, Share, f1_by_cause, macro_f1, resampled, share_of

SMALL = 30
"""Fewer verdicts than this say little; the tables mark them."""


def carried(corpus: str, answers: Sequence[Answer]) -> dict[str, Any]:
    """What `diagnose/measured.json` holds: per cause and certainty, and per rule, how often it was right."""
    verdicts: dict[str, dict[str, Any]] = defaultdict(dict)
    for cause in sorted({answer.said for answer in answers} - {"inconclusive"}):
        said = [answer for answer in answers if answer.said == cause]
        for certainty in sorted({answer.certainty for answer in said}):
            verdicts[cause][certainty] = _row([a for a in said if a.certainty == certainty])
    rules = {
        name: _row([a for a in answers if a.rule == name])
        for name in sorted({a.rule for a in answers if a.rule})
    }
    return {"corpus": corpus, "runs": len(answers), "verdicts": dict(verdicts), "rules": rules}


def _row(answers: Sequence[Answer]) -> dict[str, Any]:
    share = share_of(answers, lambda answer: answer.is_right)
    low, high = share.ci95
    return {
        "n": share.n,
        "right": share.right,
        "precision": round(share.value or 0.0, 4),
        "ci95": [round(low, 4), round(high, 4)],
    }


def readme(answers: Sequence[Answer], others: Mapping[str, Sequence[Answer]]) -> str:
    """The table of the README, in Markdown."""
    lines = [
        "| way | cause right | exactly the labelled one | macro-F1 over causes | wrong cause named | healthy run accused |",
        "|---|---|---|---|---|---|",
        _line("**diagnose**", answers),
        *(_line(name, said) for name, said in others.items()),
        "",
        _summary(answers),
        "",
        "| cause | runs | F1 | precision when said |",
        "|---|---|---|---|",
        *_causes(answers),
    ]
    return "\n".join(lines) + "\n"


def _summary(answers: Sequence[Answer]) -> str:
    wrong = ", ".join(
        f"*{word}* {_count(answers, word)}" for word in ("established", "supported", "suspected")
    )
    outcome = _percent(share_of(answers, lambda a: a.is_outcome_right))
    undecided = sum(a.said == "inconclusive" for a in answers)
    return f"Outcome right: {outcome}. Wrong by certainty: {wrong}. Undecided: {undecided}."


def _line(name: str, answers: Sequence[Answer]) -> str:
    low, high = resampled(answers, macro_f1)
    wrong = share_of(answers, lambda a: not a.is_right and a.said != "inconclusive")
    healthy = [a for a in answers if a.truth in ("none", "still-working")]
    accused = share_of(healthy, lambda a: not a.is_right and a.said != "inconclusive")
    return (
        f"| {name} | {_percent(share_of(answers, lambda a: a.is_right))} "
        f"| {_percent(share_of(answers, lambda a: a.said == a.truth))} | {macro_f1(answers):.2f} ({low:.2f} to {high:.2f}) "
        f"| {_percent(wrong)} | {accused.right} of {accused.n} |"
    )


def _percent(share: Share) -> str:
    low, high = share.ci95
    return f"{share.value or 0:.0%} ({low:.0%} to {high:.0%})"


def _count(answers: Sequence[Answer], certainty: str) -> str:
    said = [a for a in answers if a.certainty == certainty]
    return f"{sum(not a.is_right for a in said)} of {len(said)}"


def _causes(answers: Sequence[Answer]) -> list[str]:
    rows = []
    for cause, score in f1_by_cause(answers).items():
        true = sum(a.truth == cause for a in answers)
        said = share_of([a for a in answers if a.said == cause], lambda a: a.is_right)
        few = " (few)" if said.n < SMALL else ""
        precision = f"{said.right} of {said.n}{few}" if said.n else "never said"
        rows.append(f"| {cause} | {true} | {score:.2f} | {precision} |")
    return rows
