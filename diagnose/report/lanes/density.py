"""The lane of a log: how much was written when, and where the evidence stands in it."""

from collections.abc import Iterator, Mapping

from diagnose.report import fields, units
from diagnose.report.axis import Axis
from diagnose.report.fields import Node
from diagnose.report.shapes import BOX, Area, Lane, Mark, Word, beside, percent, short

MARKS = 60
BINS = 400

_HEIGHT = 30


def lane(row: Node, anchors: Mapping[str, str], axis: Axis) -> Lane:
    """The lane of one log; without any times it only says how long the log is."""
    path = fields.text(row, "path", 200) or "a log without a name"
    count = fields.whole(row, "lines")
    note = "lines not counted" if count is None else units.plural(count, "line")
    outline = _density(row, axis)
    areas = (Area(0, _HEIGHT, outline, "log"),) if outline else ()
    return Lane(
        short(path),
        note if outline else f"{note}, no times",
        f"{path}: {note}",
        _HEIGHT + (12 if fields.nodes(row, "marks") else 0),
        areas=areas,
        marks=tuple(_evidence_marks(row, anchors, axis)),
        words=tuple(_evidence_words(row, axis)),
    )


def bins(row: Node) -> Iterator[tuple[float, float, float]]:
    """Start and end, in seconds since 1970, and number of lines of each bin in which anything was written."""
    start, width = fields.seconds(row, "start"), fields.number(row, "bin_s")
    if start is None or width is None or not 0 < width < 1e9:
        return
    for place, each in enumerate(fields.items(row, "bins")[:BINS]):
        count = min(fields.finite(each) or 0.0, 1e12)
        if count > 0:
            yield start + place * width, start + (place + 1) * width, count


def _density(row: Node, axis: Axis) -> str:
    """Steps as high as the root of the number of lines, so that one line among many is still seen."""
    written = list(bins(row))
    most = max((count for _, _, count in written), default=0.0)
    path: list[str] = []
    for start, end, count in written:
        left, right = (round(axis.x(at) * BOX / 100) for at in (start, end))
        top = _HEIGHT - max(2, round((count / most) ** 0.5 * _HEIGHT))
        path.append(f"M{left} {_HEIGHT}V{top}H{max(right, left + 3)}V{_HEIGHT}Z")
    return "".join(path)


def _evidence_marks(row: Node, anchors: Mapping[str, str], axis: Axis) -> Iterator[Mark]:
    for mark in fields.nodes(row, "marks")[:MARKS]:
        at = fields.when(mark, "at")
        if at:
            name = fields.text(mark, "evidence", 12) or "evidence"
            anchor = anchors.get(fields.raw(mark, "evidence") or "")
            x = percent(axis.x(at.timestamp()))
            href = f"#{anchor}" if anchor else None
            yield Mark(x, _HEIGHT + 7, "evidence", "bad", f"{name} at {units.clock(at)}", href)


def _evidence_words(row: Node, axis: Axis) -> Iterator[Word]:
    """The name of the evidence beside its mark, where it does not run into the one before."""
    places = sorted(
        (axis.x(at.timestamp()), fields.text(mark, "evidence", 8) or "")
        for mark in fields.nodes(row, "marks")[:MARKS]
        if (at := fields.when(mark, "at"))
    )
    taken = -100.0
    for x, name in places:
        if x - taken >= 8:
            yield beside(x, _HEIGHT + 11, name, 9, "bad")
            taken = x
