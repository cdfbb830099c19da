"""Every time at which something happened: where the axis must stay open."""

from collections.abc import Iterator

from diagnose.report import fields, words
from diagnose.report.fields import Node
from diagnose.report.lanes import curve, density

ROWS = 200

_BOUNDS = ("start", "end", "first", "last", "at")


def busy(line: Node, signs: Node) -> Iterator[float]:
    """Seconds since 1970, in no order, of what a timeline and the last signs of life tell."""
    for key in ("phases", "logs", "metrics", "outputs", "children", "processes"):
        for row in fields.nodes(line, key)[:ROWS]:
            yield from _known(row, _BOUNDS)
    for row in fields.nodes(line, "logs")[:ROWS]:
        yield from (edge for start, end, _ in density.bins(row) for edge in (start, end))
        yield from (
            at for mark in fields.nodes(row, "marks")[: density.MARKS] for at in _known(mark, ("at",))
        )
    for row in fields.nodes(line, "metrics")[:ROWS]:
        yield from (at for at, _ in curve.points(row))
    yield from _known(signs, tuple(words.CHANNELS))
    yield from _known(line, ("work_ended_at", "ended_at"))


def _known(row: Node, keys: tuple[str, ...]) -> Iterator[float]:
    yield from (at for key in keys if (at := fields.seconds(row, key)) is not None)
