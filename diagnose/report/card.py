"""The verdict card: what happened, how sure that is, and what to do first."""

from dataclasses import dataclass

from diagnose.report import fields, units, words
from diagnose.report.claims import cause_name, certainty_word
from diagnose.report.fields import Node

LEAST_IDLE = 300
"""Seconds of idling that are worth a word on the first screen."""


@dataclass(frozen=True, slots=True)
class Card:
    """The first screen of a report."""

    outcome: str
    outcome_means: str
    tone: str
    headline: str
    explanation: str | None
    cause: str
    cause_means: str
    cause_id: str
    harmless: bool
    mechanism: str | None
    certainty: str
    certainty_means: str
    measured: str
    status: str | None
    status_means: str | None
    idle: str | None
    idle_exact: str | None
    first_step: str | None


def card(record: Node) -> Card:
    """The card of `record`; what the record does not say is said to be unknown."""
    outcome = fields.raw(record, "outcome") or ""
    cause = fields.raw(record, "cause") or ""
    certainty = fields.raw(record, "certainty") or ""
    harmless = cause in words.HARMLESS
    idle = _idle(record, harmless=harmless)
    status = fields.text(fields.node(record, "run"), "status", 40)
    word, means = words.OUTCOMES.get(outcome, (fields.text(record, "outcome", 40) or "Unknown", ""))
    return Card(
        outcome=word,
        outcome_means=means,
        tone=words.TONES.get(outcome, "plain"),
        headline=fields.prose(record, "headline", 400) or f"{word}: no headline is recorded.",
        explanation=fields.prose(record, "explanation", 2000),
        cause=cause_name(cause),
        cause_means=_sentence(words.CAUSES.get(cause, ("", ""))[1]),
        cause_id=fields.text(record, "cause", 40) or "unknown",
        harmless=harmless,
        mechanism=_mechanism(record),
        certainty=certainty_word(certainty),
        certainty_means=_certainty_means(cause, certainty) + _in_short(fields.node(record, "measured")),
        measured=_measured(fields.node(record, "measured")),
        status=status,
        status_means=words.STATUSES.get(status or ""),
        idle=units.duration(idle) if idle else None,
        idle_exact=units.plural(idle, "second") if idle else None,
        first_step=next(
            (fields.prose(row, "title", 200) for row in fields.nodes(record, "next_steps")), None
        ),
    )


def _sentence(said: str) -> str:
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _certainty_means(cause: str, certainty: str) -> str:
    if cause == "none" and certainty in words.ALL_IS_WELL:
        return words.ALL_IS_WELL[certainty]
    return words.CERTAINTIES.get(certainty, ("", "The record does not say how sure it is."))[1]


def _mechanism(record: Node) -> str | None:
    """The title of the rule named for the mechanism, else of the rule that leads, else its own words.

    None for a mechanism that says no more than the cause.
    """
    mechanism = fields.text(record, "mechanism", 80)
    if mechanism is None or mechanism in {fields.raw(record, "cause"), "none"}:
        return None
    titles = {
        fields.raw(row, "rule"): fields.text(row, "title", 120)
        for row in fields.nodes(fields.node(record, "rules"), "found")
    }
    title = titles.get(mechanism.replace("-", "_")) or titles.get(_leading_rule(record))
    if title and title.lower() in words.CAUSES.get(fields.raw(record, "cause") or "", ("", ""))[1]:
        return None
    return title or mechanism.replace("-", " ").replace("_", " ")


def _leading_rule(record: Node) -> str | None:
    """The rule of the chosen hypothesis's first direct evidence, else of its first."""
    cause = fields.raw(record, "cause")
    chosen = next(
        (row for row in fields.nodes(record, "hypotheses") if fields.raw(row, "cause") == cause), {}
    )
    every = {fields.raw(row, "id"): row for row in fields.nodes(record, "evidence")}
    used = [every[name] for name in fields.strings(chosen, "for") if name in every]
    # Sorting keeps the record's order within the direct and within the others.
    first = next(iter(sorted(used, key=lambda row: row.get("direct") is not True)), {})
    return fields.raw(first, "rule")


def _idle(record: Node, *, harmless: bool) -> int | None:
    """Seconds idle after the work ended; None for the minutes in which any run is put away."""
    idle = fields.whole(record, "idle_tail_s")
    return None if idle is None or harmless or idle < LEAST_IDLE else idle


def _in_short(measured: Node) -> str:
    """The measured quality in one sentence, where there is one."""
    precision, count = fields.number(measured, "precision"), fields.whole(measured, "n")
    if precision is None or not count:
        return ""
    return f" When measured, {round(precision * count)} of {units.plural(count, 'such verdict')} were right."


FEW = 30
"""Below this a precision is said to rest on little."""


def _measured(measured: Node) -> str:
    """How often verdicts like this one were right, or that nobody has measured it."""
    precision, count = fields.number(measured, "precision"), fields.whole(measured, "n")
    if precision is None or count is None:
        return "How often verdicts like this one are right has not been measured yet."
    interval = [fields.finite(each) for each in fields.items(measured, "ci95")]
    low, high = interval if len(interval) == 2 else (None, None)
    between = "" if low is None or high is None else f" (95 % interval {low:.0%} to {high:.0%})"
    corpus = fields.text(measured, "corpus", 80) or "a corpus that is not named"
    few = f" {count:,} are few: the interval says how little is known." if count < FEW else ""
    return f"Measured on {corpus}: {precision:.0%} of {count:,} such verdicts were right{between}.{few}"
