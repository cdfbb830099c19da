"""The timeline in one line of text: how much was written when, where the work ended, and the silence."""

from collections.abc import Iterator

from diagnose.report import fields
from diagnose.report.axis import Axis
from diagnose.report.fields import Node
from diagnose.report.lanes import curve, density

_LEVELS = " ▁▂▃▄▅▆▇█"
_SILENT, _ENDED, _CUT = "░", "│", "⋯"


def sparkline(line: Node, axis: Axis, columns: int) -> str:
    """`columns` characters for the time of `axis`; empty when nothing was counted that could be drawn."""
    heights = [0.0] * columns
    for at, count in _activity(line):
        heights[_column(axis, at, columns)] += count
    most = max(heights)
    if not most:
        return ""
    # The root keeps one line among thousands in sight.
    drawn = [_LEVELS[min(8, round((height / most) ** 0.5 * 8) or bool(height))] for height in heights]
    _shade(drawn, fields.node(line, "silence"), axis)
    for piece in axis.cuts:
        drawn[_column(axis, (piece.start + piece.end) / 2, columns)] = _CUT
    if (ended := fields.seconds(line, "work_ended_at")) is not None:
        drawn[_column(axis, ended, columns)] = _ENDED
    return "".join(drawn)


def _column(axis: Axis, at: float, columns: int) -> int:
    return min(int(axis.x(at) / 100 * columns), columns - 1)


def _shade(drawn: list[str], silence: Node, axis: Axis) -> None:
    start, end = fields.seconds(silence, "from"), fields.seconds(silence, "to")
    if start is None or end is None or end <= start:
        return
    for place in range(_column(axis, start, len(drawn)), _column(axis, end, len(drawn)) + 1):
        drawn[place] = _SILENT if drawn[place] == " " else drawn[place]


def _activity(line: Node) -> Iterator[tuple[float, float]]:
    """When how many lines were logged, and one for every metric point and output."""
    for row in fields.nodes(line, "logs")[:12]:
        yield from (((start + end) / 2, count) for start, end, count in density.bins(row))
    for row in fields.nodes(line, "metrics")[:12]:
        yield from ((at, 1.0) for at, _ in curve.points(row))
    for row in fields.nodes(line, "outputs")[:200]:
        if (at := fields.seconds(row, "at")) is not None:
            yield at, 1.0
