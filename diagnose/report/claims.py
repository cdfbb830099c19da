"""What is claimed and on which grounds: the evidence with its quotes, the hypotheses, and what would flip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diagnose.report import fields, units, visible, words
from diagnose.report.fields import Node
from diagnose.report.seen import Evidence, evidence
from diagnose.report.units import Shown
from diagnose.report.when import Reference

EVIDENCE = 30
HYPOTHESES = 13
MISSING = 6
MENTIONS = 12

_STANCES = ("for", "against", "neutral")


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention of a piece of evidence; `anchor` is None when the record does not hold it."""

    label: str
    anchor: str | None
    summary: str


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A cause that was weighed, what speaks for and against it, and what was not there to look at."""

    name: str
    means: str
    certainty: str
    chosen: bool
    supporting: Shown[Mention]
    opposing: Shown[Mention]
    missing: Shown[str]


@dataclass(frozen=True, slots=True)
class Claims:
    """All evidence, sorted by which way it points for the verdict, and all that was weighed with it."""

    supporting: Shown[Evidence]
    opposing: Shown[Evidence]
    others: Shown[Evidence]
    hypotheses: Shown[Hypothesis]
    none_for: str
    none_against: str
    none_weighed: str
    """What is said where a list is empty: that there is nothing, or that the record does not say."""
    flip: str | None
    flip_mentions: Shown[Mention]
    rivals: tuple[Hypothesis, ...]
    """Those beside the chosen one for which something speaks; all of them while nothing is decided."""
    anchors: Mapping[str, str]
    """Evidence id, as the record has it, -> place in the page."""


def claims(record: Node, told: Reference) -> Claims:
    """The claims of `record`, times told from `told`; order as the record has it, which is best first."""
    titles = _rule_titles(record)
    rows = fields.nodes(record, "evidence")
    stances = _stances(record, rows)
    # What decides is kept first, should the record hold more than a page can.
    kept = sorted(range(len(rows)), key=lambda place: _STANCES.index(stances[place]))[:EVIDENCE]
    every = {place: evidence(rows[place], place + 1, titles, told) for place in sorted(kept)}
    known = {fields.raw(rows[place], "id") or "": each for place, each in every.items()}
    weighed = fields.nodes(record, "hypotheses")
    flip = fields.node(record, "flip")
    reasons = {why for row in fields.nodes(record, "not_examined") if (why := fields.raw(row, "why"))}
    hypotheses = [_hypothesis(row, known, record, reasons) for row in weighed[:HYPOTHESES]]
    return Claims(
        supporting=_those(every, stances, "for"),
        opposing=_those(every, stances, "against"),
        others=_those(every, stances, "neutral"),
        hypotheses=units.shown(hypotheses, HYPOTHESES, len(weighed)),
        rivals=_rivals(hypotheses, decided=fields.raw(record, "cause") not in {None, "inconclusive"}),
        none_for=_empty(record, "evidence", "Nothing was found that points to it."),
        none_against=_empty(record, "evidence", "Nothing was found that speaks against it."),
        none_weighed=_empty(record, "hypotheses", "No other explanation was weighed."),
        flip=_flip(flip),
        flip_mentions=_mentions(fields.strings(flip, "evidence"), known),
        anchors={name: each.anchor for name, each in known.items()},
    )


def cause_name(cause: str | None) -> str:
    """The plain name of a cause; one that the glossary does not know keeps its own."""
    return words.CAUSES.get(cause or "", (visible.line((cause or "").strip() or "Not named", 60), ""))[0]


def certainty_word(certainty: str | None) -> str:
    """The plain word for a certainty; one that the glossary does not know keeps its own."""
    return words.CERTAINTIES.get(
        certainty or "", (visible.line((certainty or "").strip() or "Not stated", 60), "")
    )[0]


def _empty(record: Node, key: str, said: str) -> str:
    """`said` when the record has a list that holds nothing of the kind; an absent list says nothing."""
    return said if isinstance(record.get(key), list) else "The record does not say."


def _those(every: Mapping[int, Evidence], stances: list[str], stance: str) -> Shown[Evidence]:
    chosen = [each for place, each in every.items() if stances[place] == stance]
    return units.shown(chosen, EVIDENCE, stances.count(stance))


def _stances(record: Node, rows: list[Node]) -> list[str]:
    """Which way each piece points: as the chosen hypothesis uses it, else as the piece says of itself."""
    cause = fields.raw(record, "cause")
    chosen: Node = {}
    for row in fields.nodes(record, "hypotheses"):
        if fields.raw(row, "cause") == cause:
            chosen = row
            break
    used = dict.fromkeys(fields.strings(chosen, "for"), "for")
    used |= dict.fromkeys(fields.strings(chosen, "against"), "against")
    return [used.get(fields.raw(row, "id") or "", _own_stance(row)) for row in rows]


def _own_stance(row: Node) -> str:
    stance = fields.raw(row, "stance")
    return stance if stance in {"for", "against"} else "neutral"


def _hypothesis(row: Node, known: Mapping[str, Evidence], record: Node, reasons: set[str]) -> Hypothesis:
    cause = fields.raw(row, "cause")
    return Hypothesis(
        name=cause_name(cause),
        means=words.CAUSES.get(cause or "", ("", ""))[1].capitalize(),
        certainty=_leaning(fields.raw(row, "certainty")),
        chosen=cause is not None and cause == fields.raw(record, "cause"),
        supporting=_mentions(fields.strings(row, "for"), known),
        opposing=_mentions(fields.strings(row, "against"), known),
        missing=units.shown(
            [
                visible.prose(_named(each, reasons), 300)
                for each in fields.strings(row, "missing")[: MISSING * 2]
            ],
            MISSING,
            len(fields.strings(row, "missing")),
        ),
    )


def _named(missing: str, reasons: set[str]) -> str:
    """`missing` by its name alone where its reason is one that the page gives for a part not examined."""
    for reason in reasons:
        name, found, _ = missing.partition(f": {reason}")
        if found:
            return name
    return missing


def _rivals(hypotheses: list[Hypothesis], *, decided: bool) -> tuple[Hypothesis, ...]:
    return tuple(each for each in hypotheses if not each.chosen and (each.supporting.items or not decided))


def _leaning(certainty: str | None) -> str:
    """How strong a hypothesis is; one that was set aside is not called a decision."""
    return "Too little points to it" if certainty == "none" else certainty_word(certainty)


def _mentions(ids: Sequence[str], known: Mapping[str, Evidence]) -> Shown[Mention]:
    return units.shown([_mention(each, known) for each in ids[:MENTIONS]], MENTIONS, len(ids))


def _mention(name: str, known: Mapping[str, Evidence]) -> Mention:
    one = known.get(name)
    return Mention(one.label, one.anchor, one.summary) if one else Mention(visible.line(name, 12), None, "")


def _flip(flip: Node) -> str | None:
    """`Inconclusive`: what the verdict would be without the evidence that `flip` names."""
    return cause_name(to) if (to := fields.raw(flip, "to")) else None


def _rule_titles(record: Node) -> dict[str, str]:
    rules = fields.node(record, "rules")
    return {
        fields.raw(row, "rule") or "": title
        for state in ("found", "ruled_out", "not_checked", "broke")
        for row in fields.nodes(rules, state)
        if (title := fields.text(row, "title", 120))
    }
