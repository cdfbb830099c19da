"""The lane of outputs: when each was written, and whether it is whole."""

from collections.abc import Iterator

from diagnose.report import fields, units, words
from diagnose.report.axis import Axis
from diagnose.report.fields import Node
from diagnose.report.shapes import Lane, Mark, percent

OUTPUTS = 200
MARKS = 60

_MARK_WIDTH = 1.2
WRONG = frozenset({"empty", "truncated", "uncommitted"})
"""States of an output that is not whole."""


def lanes(line: Node, axis: Axis) -> Iterator[Lane]:
    """One lane with a row for each state that occurs, or none without outputs."""
    rows = fields.nodes(line, "outputs")[:OUTPUTS]
    if not rows:
        return
    total = max(fields.whole(line, "outputs_total") or 0, len(rows))
    kinds = [state for state in words.WRITES if any(state_of(row) == state for row in rows)]
    marks: list[Mark] = []
    for place, state in enumerate(kinds):
        marks += _writes([row for row in rows if state_of(row) == state], state, place * 15 + 8, axis)
    wrong = sum(state_of(row) in WRONG for row in rows)
    note = units.plural(total, "file") + (f", {wrong} not whole" if wrong else "")
    yield Lane("Outputs", note, f"Outputs: {note}", len(kinds) * 15 + 2, marks=tuple(marks[:MARKS]))


def state_of(row: Node) -> str:
    """How far the write of an output got: one of `words.WRITES`."""
    state = fields.raw(row, "state")
    return state if state in words.WRITES else "unknown"


def _writes(rows: list[Node], state: str, y: int, axis: Axis) -> Iterator[Mark]:
    """A mark for each place on the axis; files that fall on one place share it."""
    places: dict[int, tuple[float, list[Node]]] = {}
    for row in rows:
        if (at := fields.seconds(row, "at")) is not None:
            x = axis.x(at)
            places.setdefault(round(x / _MARK_WIDTH), (x, []))[1].append(row)
    role = "bad" if state in WRONG else "output"
    for _, (x, there) in sorted(places.items()):
        yield Mark(percent(x), y, state, role, _write_title(there, state))


def _write_title(rows: list[Node], state: str) -> str:
    names = units.shown([fields.text(row, "path", 120) or "unnamed" for row in rows[:4]], 3, len(rows))
    at = fields.when(rows[0], "at")
    return (
        ", ".join(
            (
                *names.items,
                *filter(
                    None,
                    [names.more],
                ),
            )
        )
        + f": {words.WRITES[state]}"
        + (f" at {units.clock(at)}" if at else "")
    )
