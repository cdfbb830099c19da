"""The first page of a scan: every sentence, number and order is decided here; a template only arranges."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diagnose.report import units
from diagnose.report.about import Fact
from diagnose.report.fleet import by_cause, found, groups, idle, parts, tally
from diagnose.report.fleet.by_cause import CauseShown
from diagnose.report.fleet.changes import Changes, changes
from diagnose.report.fleet.found import Trouble, Workspace
from diagnose.report.fleet.history import BACK, NEW
from diagnose.report.fleet.idle import Cost
from diagnose.report.fleet.parts import ON_INDEX, ROWS, Healthy, Part, Unread
from diagnose.report.fleet.picture import picture
from diagnose.report.fleet.scan import Frame, Scan, frame
from diagnose.report.fleet.tally import Tally
from diagnose.report.timeline import Timeline
from diagnose.report.units import Shown


@dataclass(frozen=True, slots=True)
class Answer:
    """A figure of the first screen."""

    name: str
    figure: str
    means: str


@dataclass(frozen=True, slots=True)
class Page:
    """The first page. Every string is visible, bounded text, and none is markup."""

    frame: Frame
    title: str
    headline: str
    line: str
    tone: str
    pill: str
    answers: tuple[Answer, ...]
    troubles: Shown[Trouble]
    notes: tuple[str, ...]
    picture: Timeline | None
    causes: tuple[CauseShown, ...]
    changes: Changes | None
    runs: Part
    runs_pages: tuple[Part, ...]
    healthy: tuple[Healthy, ...]
    healthy_title: str
    healthy_pages: tuple[Part, ...]
    unread: tuple[Unread, ...]
    unread_title: str
    unread_pages: tuple[Part, ...]
    asked: tuple[Fact, ...]
    workspaces: Shown[Workspace]


def page(scan: Scan, listed: Sequence[Part], rows: int = ROWS) -> Page:
    """The first page: `listed` are the pages of runs in trouble, `rows` is how many its groups may show."""
    told, causes = scan.tally, groups.causes(scan.troubled, scan.prices)
    troubles, said = found.troubles(scan.facts), tally.verdict(told)
    return Page(
        frame=frame(scan),
        title=f"{said} · {frame(scan).where}",
        headline=f"{said}.",
        line=tally.line(told),
        tone="warn" if told.tone == "good" and troubles.items else told.tone,
        pill=f"{told.troubled:,} of {units.plural(told.troubled + told.healthy, 'run')} in trouble",
        answers=tuple(_answers(told, scan)),
        troubles=troubles,
        notes=tuple(_notes(told)),
        picture=picture(causes),
        causes=by_cause.shown(causes, scan, rows),
        changes=changes(scan.history, scan.rows),
        runs=listed[0],
        runs_pages=tuple(listed[1:]),
        healthy=tuple(map(parts.healthy_run, scan.healthy[:ON_INDEX])),
        healthy_title=f"{units.plural(told.healthy, 'run')} with which nothing is wrong",
        healthy_pages=tuple(parts.healthy(scan)),
        unread=tuple(map(parts.unread_run, scan.unread[:ON_INDEX])),
        unread_title=f"{units.plural(told.unread, 'run')} could not be diagnosed",
        unread_pages=tuple(parts.unread(scan)),
        asked=found.asked(scan.facts),
        workspaces=found.workspaces(scan.facts),
    )


def _answers(told: Tally, scan: Scan) -> Iterator[Answer]:
    history = scan.history
    if told.new is None or history is None:
        yield Answer("New since the last scan", "not known", "There is no earlier scan to compare with.")
    else:
        back = history.count(BACK)
        after = [f"{history.resolved:,} resolved", *([f"{back:,} back again"] if back else [])]
        yield Answer("New since the last scan", f"{history.count(NEW):,}", f"{', '.join(after)}.")
    unknown = (
        f"Of {units.plural(told.cost.unknown, 'run')} the end of the work is not known."
        if told.cost.unknown
        else ""
    )
    yield Answer("Idle node-hours", idle.hours_text(told.cost.hours), unknown or "After the work had ended.")
    if scan.prices:
        yield _money(told.cost)
    yield Answer(
        "Could not be looked at",
        f"{told.unread:,}",
        "Listed below, each with its reason." if told.unread else "Every candidate was diagnosed.",
    )


def _money(cost: Cost) -> Answer:
    paid = idle.money_text(cost.money)
    if cost.unpriced_hours:
        left = idle.node_hours_text(cost.unpriced_hours)
        return Answer(
            "Cost of idling",
            paid or "not known",
            f"{left} without a price {'not in it' if paid else ''}".rstrip() + ".",
        )
    return Answer("Cost of idling", paid or "nothing", "At the prices of the settings.")


def _notes(told: Tally) -> Iterator[str]:
    """What qualifies the figures."""
    if told.cost.money and told.cost.unpriced_sizes:
        sizes = units.shown(told.cost.unpriced_sizes, 8)
        named = ", ".join((*sizes.items, *filter(None, [sizes.more])))
        yield f"No price is given for {named}: {idle.hours_text(told.cost.unpriced_hours)} node-hours are not in the sum."
    if told.cost.low_priority:
        yield f"{units.plural(told.cost.low_priority, 'run')} on low-priority nodes, which may cost less than the price of their size."
