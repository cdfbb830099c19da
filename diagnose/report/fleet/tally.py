"""The figures of a scan and the line that says them: the first thing that anybody reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from diagnose.report import units
from diagnose.report.fields import Node
from diagnose.report.fleet import idle
from diagnose.report.fleet.history import NEW, History
from diagnose.report.fleet.idle import Cost
from diagnose.roster import Row

STUCK, LYING, ENDED, UNDECIDED = "stuck", "lying", "ended", "undecided"
_KINDS: Final = {
    "stuck": STUCK,
    "never-started": STUCK,
    "false-completion": LYING,
    "failed": ENDED,
    "cut-short": ENDED,
}
_SAID: Final = {
    STUCK: ("is stuck", "are stuck"),
    LYING: ("says Completed but is not done", "say Completed but are not done"),
    ENDED: ("failed or was cut short", "failed or were cut short"),
    UNDECIDED: ("could not be decided", "could not be decided"),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many runs are what, and what they held for nothing."""

    kinds: Mapping[str, int]
    """Of the runs in trouble: stuck, lying, ended, undecided."""
    troubled: int
    healthy: int
    unread: int
    new: int | None
    """None where there is no scan to compare with."""
    cost: Cost

    @property
    def tone(self) -> str:
        """How the card is tinted."""
        if self.kinds[STUCK] or self.kinds[LYING]:
            return "bad"
        return "warn" if self.troubled or self.unread else "good"


def kind(row: Row) -> str:
    """Which of the four kinds of trouble a run is."""
    return _KINDS.get(row.outcome, UNDECIDED)


def tally(rows: Sequence[Row], unread: Sequence[Node], facts: Node, history: History | None) -> Tally:
    """The figures of a scan."""
    troubled = [row for row in rows if row.is_trouble]
    kinds = [kind(row) for row in troubled]
    return Tally(
        kinds={name: kinds.count(name) for name in _SAID},
        troubled=len(troubled),
        healthy=len(rows) - len(troubled),
        unread=len(unread),
        new=history.count(NEW) if history and history.last else None,
        cost=idle.cost(troubled, idle.prices(facts)),
    )


def verdict(told: Tally) -> str:
    """`24 runs are stuck, 61 say Completed but are not done`: without a full stop."""
    parts = [(count, *_SAID[name]) for name, count in told.kinds.items() if count]
    if not parts:
        return _well(told.healthy)
    (first, one, many), *others = parts
    said = [f"{units.plural(first, 'run')} {one if first == 1 else many}"]
    return ", ".join([*said, *(f"{count:,} {one if count == 1 else many}" for count, one, many in others)])


def line(told: Tally) -> str:
    """All of it in one line, for a chat or the first line of a summary."""
    after = [f"{told.new:,} new since the last scan"] if told.new is not None else []
    if told.troubled:
        after.append(_held(told.cost))
    if told.unread:
        after.append(f"{told.unread:,} could not be looked at")
    return f"{': '.join(filter(None, [verdict(told), ', '.join(after)]))}."


def _well(looked: int) -> str:
    if not looked:
        return "No run was looked at"
    return f"Nothing is wrong with the {units.plural(looked, 'run')} that {'was' if looked == 1 else 'were'} looked at"


def _held(cost: Cost) -> str:
    paid = idle.money_text(cost.money)
    return f"{idle.hours_text(cost.hours)} idle node-hours" + (f" ({paid})" if paid else "")
