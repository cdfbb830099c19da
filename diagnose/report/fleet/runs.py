"""A run as the page shows it: every string visible and bounded, every figure with the number that it sorts by."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from diagnose.report import about, units, visible
from diagnose.report.claims import cause_name, certainty_word
from diagnose.report.fleet import idle
from diagnose.report.fleet.history import STILL, History
from diagnose.report.fleet.idle import Price
from diagnose.roster import Row

_NAME = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,200}"
_REPORT = re.compile(rf"(?:{_NAME}/){{0,3}}{_NAME}\.html")
"""A path below the folder of the scan: no scheme, no way up, nothing that a URL reads as more than a name."""
_LONGEST_PORTAL = 700


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure: how it reads, and the number that it sorts by; None where it is not known."""

    text: str
    sort: float | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One row. `word`: `new` or the like where scans were compared."""

    name: str
    run_id: str
    report: str | None
    portal: str | None
    word: str | None
    workspace: str
    experiment: str
    status: str
    cause: str
    cause_id: str
    certainty: str
    since: Cell
    since_iso: str | None
    idle: Cell
    hours: Cell
    money: Cell
    owner: str
    compute: str
    nodes: str
    headline: str


def run_of(row: Row, known: Mapping[str, Price], history: History | None) -> Run:
    """`row` as it is shown."""
    word = history.words.get(row.key) if history else None
    since, since_at = _since(row)
    return Run(
        name=name_of(row),
        run_id=visible.line(row.run_id, 80),
        report=report_of(row),
        portal=portal_of(row),
        word=None if word == STILL else word,
        workspace=_said(row.workspace, 60),
        experiment=_said(row.experiment, 60),
        status=_said(row.status, 30),
        cause=cause_name(row.cause),
        cause_id=visible.line(row.cause, 40),
        certainty=certainty_word(row.certainty),
        since=since,
        since_iso=None if since_at is None else units.iso(since_at),
        idle=_seconds(idle.idle_s(row)),
        hours=_hours(idle.node_hours(row)),
        money=_money(idle.amount(row, known)),
        owner=_said(row.owner, 50),
        compute=_said(row.compute, 60),
        nodes="" if row.nodes is None else units.plural(row.nodes, "node"),
        headline=visible.prose(row.headline, 220) if row.headline.strip() else "No headline is recorded.",
    )


def name_of(row: Row) -> str:
    """What people call the run."""
    named = row.display_name if row.display_name and row.display_name.strip() else row.run_id
    return visible.line(named, 80) if named.strip() else "a run without a name"


def report_of(row: Row) -> str | None:
    """The path of its report, when it is one below the folder of the scan."""
    return row.report if row.report and _REPORT.fullmatch(row.report) else None


def portal_of(row: Row) -> str | None:
    """Its address in the Azure portal, when it is one and no longer than such addresses are."""
    address = about.portal({"run": {"portal_url": row.portal_url}})
    return address if address and len(address) <= _LONGEST_PORTAL else None


def minute(at: datetime) -> str:
    """`20 Nov 2026, 09:12`."""
    return f"{units.day(at)}, {at:%H:%M}"


def _said(value: str | None, limit: int) -> str:
    return visible.line(value, limit) if value and value.strip() else "-"


def _since(row: Row) -> tuple[Cell, datetime | None]:
    """Since when nothing is done: the end of the work; where nobody knows it, the end or the start of the run."""
    told = (
        (idle.idle_since(row), "{}"),
        (row.ended_at, "ended {}"),
        (row.started_at, "started {}"),
        (row.created_at, "created {}"),
    )
    for at, form in told:
        if at is not None:
            return Cell(form.format(_short(at, row.seen_at)), round(at.timestamp())), at
    return Cell("not known"), None


def _short(at: datetime, seen: datetime | None) -> str:
    """`20 Nov, 09:12`, with the year where it is not the one of the scan."""
    day = units.day(at)
    return f"{day.rsplit(' ', 1)[0] if seen and seen.year == at.year else day}, {at:%H:%M}"


def _seconds(seconds: float | None) -> Cell:
    return Cell("not known") if seconds is None else Cell(units.duration(seconds), round(seconds))


def _hours(hours: float | None) -> Cell:
    return Cell("not known") if hours is None else Cell(idle.hours_text(hours), round(hours, 2))


def _money(paid: Price | None) -> Cell:
    return Cell("-") if paid is None else Cell(idle.money_text({paid[0]: paid[1]}) or "-", round(paid[1], 2))
