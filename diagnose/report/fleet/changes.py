"""What changed since the scans before: figures, the runs that recovered, and causes per week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from diagnose.report import units, visible
from diagnose.report.claims import cause_name
from diagnose.report.fleet.history import BACK, ENDED, NEW, STILL, History, Past, Week
from diagnose.report.fleet.runs import minute, name_of, report_of
from diagnose.report.fleet.scans import Key
from diagnose.report.units import Shown
from diagnose.roster import Row

RECOVERED = 50
_CAUSES = 14


@dataclass(frozen=True, slots=True)
class Count:
    """A figure and what it counts."""

    name: str
    count: int
    means: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """A run whose trouble went away, or which nobody saw this time."""

    name: str
    report: str | None
    cause: str
    what: str


@dataclass(frozen=True, slots=True)
class Bar:
    """The runs of a cause in a week: how many (`-` where no scan looked), and how wide that is drawn."""

    text: str
    width: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """The section about earlier scans."""

    said: str
    counts: tuple[Count, ...]
    recovered: Shown[Recovered]
    weeks: tuple[str, ...]
    trend: tuple[tuple[str, tuple[Bar, ...]], ...]


def changes(history: History | None, rows: Sequence[Row]) -> Changes | None:
    """The section; None where there is no scan to compare with."""
    if history is None or history.last is None:
        return None
    named = {row.key: row for row in rows}
    listed = [
        *(_recovered(each, named, "nothing is wrong with it any more") for each in history.well),
        *(_recovered(each, named, "no candidate any more") for each in history.gone),
        *(_recovered(each, named, "not looked at this time") for each in history.unseen),
    ]
    shown = history.weeks if len(history.weeks) > 1 else ()
    return Changes(
        said=_said(history),
        counts=_counts(history),
        recovered=units.shown(listed, RECOVERED),
        weeks=tuple(units.day(_noon(week)).rsplit(" ", 1)[0] for week in shown),
        trend=tuple(_trend(shown)),
    )


def _counts(history: History) -> tuple[Count, ...]:
    return (
        Count("New", history.count(NEW), "in trouble for the first time"),
        Count("Still there", history.count(STILL), "in trouble last time as well"),
        Count("Ended since", history.count(ENDED), "open and in trouble last time, closed now"),
        Count("Back again", history.count(BACK), "in trouble once, well in between"),
        Count("Resolved", history.resolved, _resolved(history)),
        *([Count("Not looked at", len(history.unseen), "in trouble last time")] if history.unseen else []),
    )


def _resolved(history: History) -> str:
    if not history.resolved:
        return "in trouble when a scan last looked, and not any more"
    return f"{len(history.well):,} looked at and well, {len(history.gone):,} no candidates any more"


def _said(history: History) -> str:
    last = history.last
    when = f", last on {minute(last.when)} UTC" if last else ""
    other = f" {units.plural(history.apart, 'scan')} with other filters left out." if history.apart else ""
    return f"Compared with {units.plural(history.scans, 'earlier scan')} of the same question{when}.{other}"


def _recovered(past: Past, named: Mapping[Key, Row], what: str) -> Recovered:
    row = named.get(past.key)
    name = name_of(row) if row else visible.line(past.key[1], 80)
    return Recovered(name, report_of(row) if row else None, cause_name(past.cause), what)


def _trend(weeks: Sequence[Week]) -> list[tuple[str, tuple[Bar, ...]]]:
    """A line for each cause, the most frequent first, with a bar for each week."""
    looked = [week.causes for week in weeks if week.causes is not None]
    totals: dict[str, int] = {}
    for causes in looked:
        for cause, count in causes.items():
            totals[cause] = totals.get(cause, 0) + count
    most = max((count for causes in looked for count in causes.values()), default=1)
    chosen = sorted(totals, key=lambda cause: (-totals[cause], cause))[:_CAUSES]
    return [(cause_name(cause), tuple(_bar(week, cause, most) for week in weeks)) for cause in chosen]


def _bar(week: Week, cause: str, most: int) -> Bar:
    if week.causes is None:
        return Bar("-", None)
    count = week.causes.get(cause, 0)
    return Bar(f"{count:,}", f"{count / most * 100:.0f}%" if count else None)


def _noon(week: Week) -> datetime:
    return datetime(week.monday.year, week.monday.month, week.monday.day, tzinfo=UTC)
