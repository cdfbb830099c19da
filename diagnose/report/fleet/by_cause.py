"""The runs of each cause as lines that open: as many of each as the page has room for, the same room for every group."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diagnose.report import units, words
from diagnose.report.fleet.groups import Alike, Cause
from diagnose.report.fleet.runs import Run, run_of
from diagnose.report.fleet.scan import Scan
from diagnose.roster import Row

IN_GROUP = 50
"""Runs of a group that are shown where it opens, at most."""


@dataclass(frozen=True, slots=True)
class Group:
    """Runs that failed alike: a line that opens to its runs."""

    count: str
    headline: str
    said: str
    held: str
    runs: tuple[Run, ...]
    more: str | None


@dataclass(frozen=True, slots=True)
class CauseShown:
    """The runs of a cause; `more` says where the others are."""

    anchor: str
    name: str
    means: str
    said: str
    groups: tuple[Group, ...]
    single: tuple[Run, ...]
    more: str | None


def shown(causes: Sequence[Cause], scan: Scan, room: int) -> tuple[CauseShown, ...]:
    """All causes, with `room` runs among them; the others are in the table of all runs."""
    return tuple(_causes(causes, scan, room))


def _causes(causes: Sequence[Cause], scan: Scan, room: int) -> Iterator[CauseShown]:
    most = _most(causes, room)
    for place, cause in enumerate(causes, 1):
        groups = cause.groups[:room]
        listed = [alike.rows[:most] for alike in groups]
        single = cause.single[: min(most, max(room - sum(map(len, listed)), 0))]
        room = max(room - sum(map(len, listed)) - len(single), 0)
        yield CauseShown(
            anchor=f"cause-{cause.cause_id}" if cause.cause_id in words.CAUSES else f"cause-{place}",
            name=cause.name,
            means=words.CAUSES.get(cause.cause_id, ("", ""))[1].capitalize(),
            said=cause.said,
            groups=tuple(_group(alike, rows, scan) for alike, rows in zip(groups, listed, strict=True)),
            single=tuple(_shown(row, scan) for row in single),
            more=_more(len(cause.groups) - len(groups), len(cause.single) - len(single)),
        )


def _most(causes: Sequence[Cause], room: int) -> int:
    """How many runs of a group are shown, so that the groups of the last cause are told as those of the first."""
    sizes = [len(alike.rows) for cause in causes for alike in cause.groups]
    sizes += [len(cause.single) for cause in causes]
    fitting = (most for most in range(IN_GROUP, 1, -1) if sum(min(size, most) for size in sizes) <= room)
    return next(fitting, 1)


def _group(alike: Alike, rows: Sequence[Row], scan: Scan) -> Group:
    shown = tuple(_shown(row, scan) for row in rows)
    left = len(alike.rows) - len(rows)
    return Group(
        count=units.plural(len(alike.rows), "run"),
        headline=shown[0].headline,
        said=", ".join(filter(None, [alike.mechanism, alike.said])),
        held=alike.held,
        runs=shown,
        more=f"… and {left:,} more that failed alike" if left else None,
    )


def _shown(row: Row, scan: Scan) -> Run:
    return run_of(row, scan.prices, scan.history)


def _more(groups_left: int, single_left: int) -> str | None:
    said = [
        *([f"{units.plural(groups_left, 'more group')} of runs that failed alike"] if groups_left else []),
        *([units.plural(single_left, "more run")] if single_left else []),
    ]
    return f"… and {' and '.join(said)}" if said else None
