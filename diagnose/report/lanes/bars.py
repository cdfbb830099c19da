"""Lanes of what lasted: phases of the run, child runs, processes."""

from collections.abc import Iterator

from diagnose.report import fields, units
from diagnose.report.axis import Axis
from diagnose.report.fields import Node
from diagnose.report.shapes import Bar, Lane, Mark, Word, beside, percent

BARS = 12
PHASES = 40
NAMES = 23
"""Characters of names that fit beside the name of a lane, on a telephone too."""

_ROW = 18
_NARROWEST_THING = 14.0
_ENDING = ("final", "cancel", "complet", "upload", "teardown", "releas")


def phases(line: Node, axis: Axis) -> Iterator[Lane]:
    """A lane for the phases that the service names, and one for those that the runtime's logs show."""
    for source, name in (("service", "Phases (service)"), ("runtime", "Phases (runtime logs)")):
        rows = [row for row in fields.nodes(line, "phases") if fields.raw(row, "source") == source][:PHASES]
        bars = tuple(filter(None, (_phase(row, axis) for row in rows)))
        if bars:
            yield Lane(name, _short_ones(rows, bars), name, 20, bars=bars)


def _short_ones(rows: list[Node], bars: tuple[Bar, ...]) -> str:
    """`also NotStarted, Preparing`: phases whose bars hold no name; the number of all where that is too long."""
    names = ", ".join(bar.title.partition(": ")[0] for bar in bars if bar.label is None)
    return f"also {names}" if 0 < len(names) <= NAMES else units.plural(len(rows), "phase")


def things(title: str, rows: list[Node], total: int | None, axis: Axis) -> Iterator[Lane]:
    """A lane with a bar for each of `rows`, open where no end is recorded; no lane when there are none."""
    if not rows:
        return
    count = max(total or 0, len(rows))
    ordered = sorted(rows[:BARS], key=lambda row: fields.seconds(row, "start") or 0.0)
    drawn = [(row, bar) for place, row in enumerate(ordered) if (bar := _thing(row, place * _ROW, axis))]
    open_ended = [(row, bar) for row, bar in drawn if fields.when(row, "end") is None]
    yield Lane(
        name=title,
        note=f"{count:,}" if count <= BARS else f"{BARS} of {count:,} drawn",
        title=title,
        height=min(len(rows), BARS) * _ROW,
        bars=tuple(bar for _, bar in drawn),
        marks=tuple(Mark("100%", bar.y + 7, "open-end", "bad", bar.title) for _, bar in open_ended),
        words=tuple(_outside(row, bar, axis) for row, bar in drawn if bar.label is None),
    )


def _thing(row: Node, y: int, axis: Axis) -> Bar | None:
    return _bar(row, name(row), "child", (y, _ROW - 4), axis)


def _outside(row: Node, bar: Bar, axis: Axis) -> Word:
    """The name of a bar that is too short to hold it, on the side that has more room."""
    left, right = _edges(row, axis) or (0.0, 0.0)
    return beside(right if right <= 50 else max(left, 50.1), bar.y + 11, name(row), 7, "muted")


def name(row: Node) -> str:
    """`trial_3 (Running)` or `python, pid 15`."""
    said = fields.text(row, "name", 60) or fields.text(row, "id", 60) or "unnamed"
    if (pid := fields.text(row, "pid", 20)) is not None:
        return f"{said}, pid {pid}"
    status = fields.text(row, "status", 40)
    return f"{said} ({status})" if status else said


def lasted(row: Node) -> str:
    """`07:58:02 to 08:00:04 (2 min 2 s)`, or that no end is recorded."""
    start, end = fields.when(row, "start"), fields.when(row, "end")
    if start is None:
        return f"until {units.clock(end)}" if end else "times unknown"
    if end is None:
        return f"from {units.clock(start)}, no end recorded"
    if end < start:
        return f"{units.clock(start)} to {units.clock(end)}, an end before its start"
    return f"{units.clock(start)} to {units.clock(end)} ({units.duration((end - start).total_seconds())})"


def _phase(row: Node, axis: Axis) -> Bar | None:
    said = fields.text(row, "name", 40) or "unnamed"
    role = "run" if said.lower().startswith(("run", "execut", "user")) else "wait"
    role = "end" if said.lower().startswith(_ENDING) else role
    return _bar(row, said, role, (0, 20), axis)


def _bar(row: Node, said: str, role: str, place: tuple[int, int], axis: Axis) -> Bar | None:
    """The bar of `row`; `place` is how far down it begins and how high it is. None without any time."""
    edges = _edges(row, axis)
    if edges is None:
        return None
    width = max(edges[1] - edges[0], 0.3)
    return Bar(
        x=percent(min(edges[0], 100 - width)),
        width=percent(width),
        y=place[0],
        height=place[1],
        tint=f"{role}-tint",
        edge=role,
        title=f"{said}: {lasted(row)}",
        # A sliver holds no letter; the title and the table still name it.
        label=said if width >= _room(said, role) else None,
    )


def _room(said: str, role: str) -> float:
    """The width, in percent, from which a bar holds its name on a wide screen."""
    return max(_NARROWEST_THING, len(said) * 0.85 + 3) if role == "child" else len(said) * 0.85 + 1


def _edges(row: Node, axis: Axis) -> tuple[float, float] | None:
    """Where a bar begins and ends; an end that nobody recorded is that of the axis."""
    start, end = fields.seconds(row, "start"), fields.seconds(row, "end")
    if start is None and end is None:
        return None
    first, last = axis.x(axis.start if start is None else start), axis.x(axis.end if end is None else end)
    return min(first, last), max(first, last)
