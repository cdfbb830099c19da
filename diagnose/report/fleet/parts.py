"""Long lists by pages: every run is on one of them, and no page is ever giant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from diagnose.report import fields, units, visible
from diagnose.report.claims import cause_name
from diagnose.report.fields import Node
from diagnose.report.fleet.runs import Run, name_of, report_of, run_of
from diagnose.report.fleet.scan import Scan
from diagnose.roster import Row

ROWS = 300
"""Runs in trouble that one page lists: such a page opens in well under a second on a small machine."""
SMALL = 1000
"""Healthy or unread runs that one page lists."""
ON_INDEX = 100
"""Healthy or unread runs that the first page lists."""
INDEX = "index.html"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Healthy:
    """A run with which nothing is wrong."""

    name: str
    report: str | None
    cause: str
    workspace: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A run that could not be diagnosed, and why."""

    name: str
    run_id: str
    workspace: str
    status: str
    owner: str
    experiment: str
    why: str


@dataclass(frozen=True, slots=True)
class Part:
    """A page that lists some of many, and the pages beside it; the first of runs in trouble lies in the first page."""

    name: str
    title: str
    said: str
    before: str | None
    after: str | None
    runs: tuple[Run, ...] = ()
    healthy: tuple[Healthy, ...] = ()
    unread: tuple[Unread, ...] = ()


def runs(scan: Scan, limit: int = ROWS) -> list[Part]:
    """The runs in trouble, what held most first; one empty part where there are none."""
    made = _parts(scan.troubled, limit, "All runs in trouble", "runs", INDEX)
    return [
        replace(part, runs=tuple(run_of(row, scan.prices, scan.history) for row in listed))
        for part, listed in made
    ]


def healthy(scan: Scan) -> list[Part]:
    """The healthy runs; none where the first page holds them all."""
    if len(scan.healthy) <= ON_INDEX:
        return []
    made = _parts(scan.healthy, SMALL, "Runs with which nothing is wrong", "healthy", "healthy-1.html")
    return [replace(part, healthy=tuple(map(healthy_run, listed))) for part, listed in made]


def unread(scan: Scan) -> list[Part]:
    """The runs that could not be diagnosed; none where the first page holds them all."""
    if len(scan.unread) <= ON_INDEX:
        return []
    made = _parts(scan.unread, SMALL, "Runs that could not be diagnosed", "unread", "unread-1.html")
    return [replace(part, unread=tuple(map(unread_run, listed))) for part, listed in made]


def healthy_run(row: Row) -> Healthy:
    """A healthy run as it is shown."""
    return Healthy(name_of(row), report_of(row), cause_name(row.cause), visible.line(row.workspace, 60))


def unread_run(line: Node) -> Unread:
    """A run of `unread.jsonl` as it is shown."""
    run_id = fields.text(line, "run_id", 80) or "no id"
    return Unread(
        name=fields.text(line, "display_name", 80) or run_id,
        run_id=run_id,
        workspace=fields.text(line, "workspace", 60) or "-",
        status=fields.text(line, "status", 30) or "-",
        owner=fields.text(line, "owner", 50) or "-",
        experiment=fields.text(line, "experiment", 60) or "-",
        why=fields.prose(line, "why", 300) or "no reason is recorded",
    )


def _parts(
    items: Sequence[T], limit: int, title: str, stem: str, first: str
) -> Iterator[tuple[Part, Sequence[T]]]:
    count = max(1, -(-len(items) // limit))
    names = [first, *(f"{stem}-{number}.html" for number in range(2, count + 1))]
    for place, name in enumerate(names):
        listed = items[place * limit : (place + 1) * limit]
        yield (
            Part(
                name=name,
                title=title if count == 1 else f"{title}, page {place + 1:,} of {count:,}",
                said=_which(place * limit, len(listed), len(items)),
                before=names[place - 1] if place else None,
                after=names[place + 1] if place + 1 < count else None,
            ),
            listed,
        )


def _which(before: int, here: int, every: int) -> str:
    """`Runs 501 to 1,000 of 2,000`."""
    return (
        units.plural(every, "run")
        if here == every
        else f"Runs {before + 1:,} to {before + here:,} of {every:,}"
    )
