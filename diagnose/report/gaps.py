"""What could not be examined: parts of the evidence, then rules that could not be checked or that broke."""

import re
from dataclasses import dataclass

from diagnose.report import fields, units, words
from diagnose.report.fields import Node
from diagnose.report.units import Shown

GAPS = 40
TITLES = 8
"""Rules that are named of those that wanted one of the parts already listed."""

# `user_logs/std_log.txt` and `std_log.txt` are no words, and neither is `e-mail_sender`.
_WORD_FIRST = re.compile(r"[a-z]+(?:-[a-z]+)*(?:[,;:.]?(?:\s|$))")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be looked at, and why."""

    what: str
    why: str


def gaps(record: Node) -> Shown[Gap]:
    """Parts that could not be examined, then rules that could not be checked, then rules that broke.

    Rules that only lack a part listed above them share one line: the reason stands there already.
    """
    rules, parts = fields.node(record, "rules"), fields.nodes(record, "not_examined")
    told = {why for row in parts if (why := fields.raw(row, "why"))}
    unchecked = fields.nodes(rules, "not_checked")
    folded = [row for row in unchecked if _is_told(fields.raw(row, "why") or "", told)]
    own = [row for row in unchecked if row not in folded] if len(folded) < len(unchecked) else []
    every = [_part_gap(row) for row in parts]
    every += _without_those(folded)
    every += [_rule_gap(row, "why", "could not be checked") for row in own]
    every += [_rule_gap(row, "error", "broke while it looked") for row in fields.nodes(rules, "broke")]
    return units.shown(every, GAPS)


def no_gaps(record: Node) -> str:
    """What is said of a record without gaps: that there are none, or that it does not say."""
    if isinstance(record.get("not_examined"), list):
        return "Everything that was asked for could be examined."
    return "The record does not say what could be examined."


def rule_title(row: Node) -> str:
    """What people call the rule of `row`."""
    return fields.text(row, "title", 120) or fields.text(row, "rule", 80) or "A rule that is not named"


def _is_told(why: str, told: set[str]) -> bool:
    """Whether each clause of `why`, as in `logs: denied; metrics: denied`, ends with a reason of `told`."""
    return bool(why) and all(
        any(clause == each or clause.endswith(f": {each}") for each in told) for clause in why.split("; ")
    )


def _without_those(rows: list[Node]) -> list[Gap]:
    if not rows:
        return []
    said = "Could not be checked without that"
    if len(rows) == 1:
        return [Gap(f"Rule “{rule_title(rows[0])}”", said)]
    titles = units.shown([rule_title(row) for row in rows[:TITLES]], TITLES, len(rows))
    return [
        Gap(
            units.plural(len(rows), "rule"),
            f"{said}: {'; '.join((*titles.items, *filter(None, [titles.more])))}",
        )
    ]


def _part_gap(row: Node) -> Gap:
    named = fields.text(row, "part", 200)
    part = _begun(words.PARTS.get(named, named)) if named else "A part that is not named"
    return Gap(part, _begun(fields.prose(row, "why", 300) or "no reason is recorded"))


def _begun(said: str) -> str:
    """`said` as a sentence begins; a path or a name stays as it is, and so do all other capitals."""
    return said[:1].upper() + said[1:] if _WORD_FIRST.match(said) else said


def _rule_gap(row: Node, key: str, what: str) -> Gap:
    reason = fields.prose(row, key, 300) or "no reason is recorded"
    return Gap(f"Rule “{rule_title(row)}”", _begun(f"{what}: {reason}"))
