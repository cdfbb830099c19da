"""The verdict card: what happened, how sure that is, and what to do first."""

from dataclasses import dataclass

from diagnose.report import fields, units, words
from diagnose.report.claims import cause_name, certainty_word
from diagnose.report.fields import Node


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
    idle = fields.whole(record, "idle_tail_s")
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
        harmless=cause in words.HARMLESS,
        mechanism=_mechanism(record),
        certainty=certainty_word(certainty),
        certainty_means=_certainty_means(cause, certainty),
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
    """The title of the rule that is named for the mechanism, else the mechanism's own words."""
    mechanism = fields.text(record, "mechanism", 80)
    if mechanism is None:
        return None
    for row in fields.nodes(fields.node(record, "rules"), "found"):
        if fields.raw(row, "rule") == mechanism.replace("-", "_"):
            return fields.text(row, "title", 120) or mechanism
    return mechanism.replace("-", " ").replace("_", " ")


def _measured(measured: Node) -> str:
    """How often verdicts like this one were right, or that nobody has measured it."""
    precision, count = fields.number(measured, "precision"), fields.whole(measured, "n")
    if precision is None or count is None:
        return "How often verdicts like this one are right has not been measured yet."
    interval = [fields.finite(each) for each in fields.items(measured, "ci95")]
    low, high = interval if len(interval) == 2 else (None, None)
    between = "" if low is None or high is None else f" (95 % interval {low:.0%} to {high:.0%})"
    corpus = fields.text(measured, "corpus", 80) or "a corpus that is not named"
    return f"Measured on {corpus}: {precision:.0%} of {count:,} such verdicts were right{between}."
