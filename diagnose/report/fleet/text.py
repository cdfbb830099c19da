"""The terminal view of a scan: what is wrong, by what it holds, in at most 25 lines."""

from collections.abc import Iterator, Sequence

from diagnose.report import cells, units
from diagnose.report.fields import Node
from diagnose.report.fleet import found, groups, idle, tally
from diagnose.report.fleet.changes import changes
from diagnose.report.fleet.groups import Cause
from diagnose.report.fleet.history import History
from diagnose.report.fleet.runs import Run, run_of
from diagnose.report.fleet.scan import Scan, frame, scan_of
from diagnose.report.text import NARROWEST, Pen
from diagnose.report.visible import obeyed_by_none
from diagnose.roster import Row

LINES = 25
_CAUSES = 6
_TROUBLES = 3


def render(  # noqa: PLR0913 - a view is asked for with its scan, its colour and its width
    rows: Sequence[Row],
    unread: Sequence[Node],
    facts: Node,
    history: History | None = None,
    *,
    color: bool = False,
    width: int = 100,
) -> str:
    """The scan in at most `LINES` lines of at most `width` cells (never below 40), ending with a newline."""
    scan = scan_of(rows, unread, facts, history)
    pen = Pen(max(width, NARROWEST), color)
    head = [*_figures(scan, pen), *_causes(scan, pen)]
    body = list(_runs(scan, pen, LINES - len(head)))
    return obeyed_by_none("\n".join([*head, *body])) + "\n"


def _figures(scan: Scan, pen: Pen) -> Iterator[str]:
    told = scan.tally
    yield from pen.lines(tally.line(told), "", 3, told.tone)
    yield pen.paint(cells.cut(obeyed_by_none(_looked(scan)), pen.limit), "dim")
    if changed := changes(scan.history, scan.rows):
        said = ", ".join(f"{each.count:,} {each.name.lower()}" for each in changed.counts if each.count)
        yield from pen.lines(f"Since the last scan: {said or 'nothing changed'}.", "", 1)
    troubles = found.troubles(scan.facts).items
    for each in troubles[:_TROUBLES]:
        yield from pen.lines(f"{each.what}: {each.why}", "! ", 1, "warn")
    if len(troubles) > _TROUBLES:
        yield pen.paint(f"! … and {len(troubles) - _TROUBLES:,} more", "warn")


def _looked(scan: Scan) -> str:
    every = len(scan.troubled) + len(scan.healthy)
    return f"{frame(scan).where}: {units.plural(every, 'run')} diagnosed, {len(scan.healthy):,} with nothing wrong."


def _causes(scan: Scan, pen: Pen) -> Iterator[str]:
    causes = groups.causes(scan.troubled, scan.prices)
    if not causes:
        return
    yield ""
    yield pen.paint("By cause", "bold")
    for cause in causes[:_CAUSES]:
        yield _cause(cause, pen)
    if len(causes) > _CAUSES:
        left = sum(len(cause.rows) for cause in causes[_CAUSES:])
        yield f"  {left:>5,}  … of {units.plural(len(causes) - _CAUSES, 'other cause')}"


def _cause(cause: Cause, pen: Pen) -> str:
    held = cause.said.split(", ", 1)[1]
    alike = f"; {len(cause.groups[0].rows):,} alike" if cause.groups else ""
    return cells.cut(obeyed_by_none(f"  {len(cause.rows):>5,}  {cause.name}: {held}{alike}"), pen.limit)


def _runs(scan: Scan, pen: Pen, room: int) -> Iterator[str]:
    """The runs that held most, a line each, in at most `room` lines."""
    if not scan.troubled or room < 4:
        return
    yield ""
    yield pen.paint("What held most", "bold")
    shown = scan.troubled[: room - 3]
    for row in shown:
        yield _run(run_of(row, scan.prices, scan.history), pen)
    if left := len(scan.troubled) - len(shown):
        yield pen.paint(f"  … and {units.plural(left, 'more run')}", "dim")


def _run(run: Run, pen: Pen) -> str:
    hours = "?" if run.hours.sort is None else idle.hours_text(run.hours.sort)
    name = _filled(obeyed_by_none(run.name), 34 if pen.limit >= 90 else 18)
    said = obeyed_by_none(
        f"  {hours:>9} h  {name}  {run.cause}" + (f", {run.owner}" if run.owner != "-" else "")
    )
    return cells.cut(said, pen.limit)


def _filled(text: str, limit: int) -> str:
    short = cells.cut(text, limit)
    return short + " " * (limit - cells.width(short))
