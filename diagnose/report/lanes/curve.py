"""The lane of a metric: its course, with the band between least and most where points lie close."""

from collections.abc import Iterator

from diagnose.report import fields, units
from diagnose.report.axis import Axis
from diagnose.report.fields import Node
from diagnose.report.shapes import BOX, Area, Lane, Mark, percent, short

MARKS = 60
POINTS = 400

_HEIGHT = 34


def lane(row: Node, axis: Axis) -> Lane:
    """The lane of one metric."""
    name = fields.text(row, "name", 200) or "a metric without a name"
    known = list(points(row))
    count = fields.whole(row, "count")
    note = units.plural(len(known) if count is None else count, "point")
    holes = (at for at, value in known if value is None)
    marks = tuple(
        Mark(percent(axis.x(at)), _HEIGHT - 4, "no-number", "bad", f"{name}: not a number") for at in holes
    )
    values = [(at, value) for at, value in known if value is not None]
    if len(values) == 1:
        # A line through one point is too short to be seen.
        said = f"{name}: {units.number(values[0][1])}"
        marks = (Mark(percent(axis.x(values[0][0])), _HEIGHT / 2, "sign", "metric", said), *marks)
    return Lane(
        short(name),
        note,
        f"{name}: {note}{_range(known)}",
        _HEIGHT,
        areas=tuple(_curve(known, axis)),
        marks=marks[:MARKS],
    )


def points(row: Node) -> Iterator[tuple[float, float | None]]:
    """Time, in seconds since 1970, and value of each point; None for what is no number."""
    for point in fields.items(row, "points")[:POINTS]:
        if isinstance(point, (list, tuple)) and len(point) == 2 and (at := fields.moment(point[0])):
            yield at.timestamp(), fields.finite(point[1])


def _range(points: list[tuple[float, float | None]]) -> str:
    values = [value for _, value in points if value is not None]
    return f", {units.number(min(values))} to {units.number(max(values))}" if values else ""


def _curve(points: list[tuple[float, float | None]], axis: Axis) -> Iterator[Area]:
    """The middle of what fell on each position, as a line, and from its least to its most, as a band."""
    values = [value for _, value in points if value is not None]
    if not values:
        return
    low, high = min(values), max(values)
    columns: dict[int, list[float]] = {}
    for at, value in points:
        if value is not None:
            # Halved first: the distance of two finite numbers need not be finite.
            height = (value / 2 - low / 2) / (high / 2 - low / 2) if high > low else 0.5
            columns.setdefault(round(axis.x(at) * 2), []).append(_HEIGHT - 5 - height * (_HEIGHT - 10))
    places = [(column * BOX // 200, min(ys), max(ys)) for column, ys in sorted(columns.items())]
    if any(bottom - top > 1 for _, top, bottom in places):
        there = [f"{x} {top:.1f}" for x, top, _ in places]
        back = [f"{x} {bottom:.1f}" for x, _, bottom in reversed(places)]
        yield Area(0, _HEIGHT, "M" + "L".join(there + back) + "Z", "metric")
    middles = [f"{x} {(top + bottom) / 2:.1f}" for x, top, bottom in places]
    if len(middles) == 1:
        middles = [f"{max(places[0][0] - 4, 0)} {places[0][1]:.1f}", *middles]
    yield Area(0, _HEIGHT, "M" + "L".join(middles), "metric", line=True)
