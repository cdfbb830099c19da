"""The fleet over time: a bar for each run while they are few, else an area for each cause; never more than some 60 shapes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import accumulate, pairwise

from diagnose.report import table, units
from diagnose.report.axis import Axis, Piece, axis
from diagnose.report.card import LEAST_IDLE
from diagnose.report.fleet import idle
from diagnose.report.fleet.groups import Cause
from diagnose.report.fleet.runs import minute, name_of
from diagnose.report.shapes import BOX, Area, Bar, Lane, Mark, Word, percent, short
from diagnose.report.timeline import Timeline
from diagnose.report.units import Shown
from diagnose.roster import Row

FEW = 12
"""Runs that are drawn each for itself."""
COLUMNS = 200
_LANES = 16
_DAY = 86_400.0
_OUTLIER = 0.8
"""Part of the whole time in which nothing may change before it is cut short."""
_LABEL = 16.0
"""Percent of the width that a day needs on the narrowest screen."""


@dataclass(frozen=True, slots=True)
class Span:
    """When a run was there, and since when it held its nodes for nothing; seconds since 1970."""

    row: Row
    start: float
    idle: float | None
    end: float


def picture(causes: Sequence[Cause]) -> Timeline | None:
    """The picture of the runs in trouble; None when no time is known that could be drawn."""
    spans = [(cause, list(_spans(cause.rows))) for cause in causes]
    every = [span for _, listed in spans for span in listed]
    if not every:
        return None
    scale = _scale(every)
    few = len(every) <= FEW
    drawn = [
        lane for cause, listed in spans[:_LANES] if listed for lane in _lanes(cause, listed, scale, few=few)
    ]
    lanes = tuple(_stacked(drawn, 8 if few else 14))
    bottom = lanes[-1].y + lanes[-1].height + 8
    undrawn = sum(len(cause.rows) for cause in causes) - len(every)
    told = _description(scale, undrawn)
    return Timeline(
        title=f"{units.plural(len(every), 'run')} in trouble over time",
        description=told,
        caption=f"{_reading(few=few)} {told}",
        height=bottom + 24,
        top=0,
        bottom=bottom,
        lanes=lanes,
        moments=(),
        shade=None,
        ticks=tuple(Word(percent(x), bottom + 16, label, "middle") for x, label in _ticks(scale)),
        cuts=tuple(
            Mark(
                percent((piece.left + piece.right) / 2),
                bottom,
                "cut",
                "muted",
                f"The axis is cut here: {units.duration(piece.end - piece.start)} in which nothing changed",
            )
            for piece in scale.cuts
        ),
        legend=(),
        rows=_table(causes, few=few),
        axis=scale,
    )


def _spans(rows: Sequence[Row]) -> Iterator[Span]:
    for row in rows:
        start, end = row.started_at or row.created_at, row.ended_at or row.seen_at
        if start is None or end is None or end < start:
            continue
        since = idle.idle_since(row)
        at = None if since is None else min(max(since, start), end).timestamp()
        yield Span(row, start.timestamp(), at, end.timestamp())


def _scale(spans: Sequence[Span]) -> Axis:
    changes = sorted({at for span in spans for at in (span.start, span.idle, span.end) if at is not None})
    first, last = changes[0], changes[-1]
    longest = max((later - earlier for earlier, later in pairwise(changes)), default=0.0)
    if len(spans) < 3 or longest < _OUTLIER * (last - first):
        # How long runs idle is what the picture is for: it is cut short only where one old run would squeeze all others.
        changes += [first + (last - first) * part / 4 for part in (1, 2, 3)]
    return axis(first, last, changes)


def _lanes(cause: Cause, spans: Sequence[Span], scale: Axis, *, few: bool) -> Iterator[Lane]:
    if not few:
        yield _of_cause(cause, spans, scale)
        return
    count = units.plural(len(spans), "run")
    yield Lane(_fitting(cause), count, f"{cause.name}: {count}", 0)
    yield from (_of_run(span, scale) for span in spans)


def _of_run(span: Span, scale: Axis) -> Lane:
    left, right = scale.x(span.start), scale.x(span.end)
    middle = right if span.idle is None else scale.x(span.idle)
    held = "" if span.idle is None else f"idle {units.duration(span.end - span.idle)}"
    bars = [_bar(left, middle, "run-tint", "run", "At work")]
    if span.idle is not None:
        bars.append(_bar(middle, right, "shade", "bad", held.capitalize()))
    name, note = (
        name_of(span.row),
        held if span.idle is not None and span.end - span.idle >= LEAST_IDLE else "",
    )
    return Lane("", note, name, 10, bars=tuple(bars), words=(Word("0", -6, short(name), role="ink"),))


def _bar(left: float, right: float, tint: str, edge: str, title: str) -> Bar:
    # A run of a minute in a week is still to be seen.
    return Bar(percent(min(left, 99.6)), percent(max(right - left, 0.4)), 0, 10, tint, edge, title)


def _of_cause(cause: Cause, spans: Sequence[Span], scale: Axis) -> Lane:
    there = _heights([(scale.x(each.start), scale.x(each.end)) for each in spans])
    idling = _heights([(scale.x(each.idle), scale.x(each.end)) for each in spans if each.idle is not None])
    most = max(*there, 1e-9)
    areas = (
        Area(0, 26, _path(there, most, 26), "run-tint"),
        Area(0, 26, _path(there, most, 26, closed=False), "run", line=True),
        Area(0, 26, _path(idling, most, 26), "bad"),
    )
    return Lane(
        _fitting(cause), units.plural(len(spans), "run"), f"{cause.name}: {cause.said}", 26, areas=areas
    )


def _fitting(cause: Cause) -> str:
    """The name of a cause as long as the longest of ours, since nothing wraps in a picture."""
    return short(cause.name, 28)


def _heights(spans: Sequence[tuple[float, float]]) -> list[float]:
    """How many of `spans` there were in each column of the width, on average over its time."""
    inside, full = [0.0] * COLUMNS, [0] * (COLUMNS + 1)
    for left, right in ((left * COLUMNS / 100, right * COLUMNS / 100) for left, right in spans):
        first, last = min(int(left), COLUMNS - 1), min(int(right), COLUMNS - 1)
        if first == last:
            inside[first] += right - left
            continue
        inside[first] += first + 1 - left
        inside[last] += right - last
        full[first + 1] += 1
        full[last] -= 1
    return [each + whole for each, whole in zip(inside, accumulate(full), strict=False)]


def _path(heights: Sequence[float], most: float, height: int, *, closed: bool = True) -> str:
    """Steps over the columns of the box, written only where they change."""
    column = BOX // COLUMNS
    said, last = [f"M0 {height}"], f"{height}"
    for place, count in enumerate(heights):
        # What is there at all is at least a hair high.
        y = f"{height - max(count / most * (height - 1), 0.6):.1f}" if count > 0 else f"{height}"
        if y != last:
            said.append(f"H{place * column}V{y}")
            last = y
    return "".join([*said, f"H{BOX}", f"V{height}Z" if closed else ""])


def _stacked(drawn: Sequence[Lane], gap: int) -> Iterator[Lane]:
    y = 0
    for lane in drawn:
        yield replace(lane, y=y + 18)
        y += 18 + lane.height + gap


def _ticks(scale: Axis) -> Iterator[tuple[float, str]]:
    """Days where there are several, since an hour without its day says nothing; else hours."""
    if scale.end - scale.start < 1.5 * _DAY:
        yield from ((tick.x, tick.label) for tick in scale.ticks() if 6 < tick.x < 94)
        return
    last = -_LABEL
    for x, at in (each for piece in scale.pieces if not piece.cut for each in _days(piece)):
        if x - last >= _LABEL and 6 < x < 94:
            last = x
            yield x, units.day(at).rsplit(" ", 1)[0]


def _days(piece: Piece) -> Iterator[tuple[float, datetime]]:
    step = max(1, -int(-_LABEL / piece.scale // _DAY)) * _DAY
    at = (piece.start // _DAY + 1) * _DAY
    while at < piece.end:
        yield piece.left + (at - piece.start) * piece.scale, datetime.fromtimestamp(at, UTC)
        at += step


def _reading(*, few: bool) -> str:
    if few:
        return "A bar is a run, from its start to its end or to the look at it. The part edged in red is what it held after its work had ended."
    return "How many runs of a cause there were at a time, each cause to its own height. The solid part are those that held their nodes after their work had ended."


def _description(scale: Axis, undrawn: int) -> str:
    start, end = datetime.fromtimestamp(scale.start, UTC), datetime.fromtimestamp(scale.end, UTC)
    said = [f"{units.span(start, end)}."]
    if scale.cuts:
        lengths = " and ".join(units.duration(piece.end - piece.start) for piece in scale.cuts)
        said.append(f"The axis is cut where nothing changed: {lengths}.")
    if undrawn:
        said.append(f"Not drawn, for want of times: {units.plural(undrawn, 'run')}.")
    return " ".join(said)


def _table(causes: Sequence[Cause], *, few: bool) -> Shown[table.Row]:
    rows = []
    for cause in causes[:_LANES]:
        spans = list(_spans(cause.rows))
        if few:
            rows += [
                table.Row(cause.name, name_of(each.row), _at(each.start), _at(each.end), _idle(each))
                for each in spans
            ]
        elif spans:
            first, last = min(each.start for each in spans), max(each.end for each in spans)
            rows.append(table.Row("Cause", cause.name, _at(first), _at(last), cause.said))
    return units.shown(rows, len(rows))


def _idle(span: Span) -> str:
    if span.idle is None:
        return "end of work not known"
    return f"idle since {_at(span.idle)}, {units.duration(span.end - span.idle)}"


def _at(seconds: float) -> str:
    return minute(datetime.fromtimestamp(seconds, UTC))
