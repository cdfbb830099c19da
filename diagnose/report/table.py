"""The data of the timeline as a table, for those who cannot or would not look at a picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from diagnose.report import fields, units, words
from diagnose.report.fields import Node
from diagnose.report.lanes import bars, writes
from diagnose.report.units import Shown

LIMITS: Final = {"phases": 40, "logs": 12, "metrics": 12, "outputs": 40, "children": 30, "processes": 30}
"""Part of the timeline -> how many of its rows are listed."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    kind: str
    name: str
    first: str
    last: str
    note: str


def table(line: Node, signs: Node) -> Shown[Row]:
    """The rows in the order of the picture's lanes, some of each kind, and how many there are beyond."""
    rows = list(_rows(line, signs))
    beyond = sum(_beyond(line, key) for key in LIMITS)
    return units.shown(rows, len(rows), len(rows) + beyond)


def _rows(line: Node, signs: Node) -> Iterator[Row]:
    for row in _listed(line, "phases"):
        source = fields.text(row, "source", 20) or "unknown source"
        yield _row(f"Phase, by the {source}", fields.text(row, "name", 60), row, ("start", "end"))
    for row in _listed(line, "logs"):
        yield _row(
            "Log",
            fields.text(row, "path", 200),
            row,
            ("first", "last"),
            _count(row, "lines", "line"),
        )
    for row in _listed(line, "metrics"):
        yield _row(
            "Metric",
            fields.text(row, "name", 200),
            row,
            ("first", "last"),
            _count(row, "count", "point"),
        )
    for row in _listed(line, "outputs"):
        yield _row("Output", fields.text(row, "path", 200), row, ("at", ""), _written(row))
    for row in _listed(line, "children"):
        yield _row("Child run", bars.name(row), row, ("start", "end"))
    for row in _listed(line, "processes"):
        code = fields.text(row, "exit_code", 20)
        yield _row(
            "Process",
            bars.name(row),
            row,
            ("start", "end"),
            f"exit code {code}" if code else "no exit code",
        )
    for key, name in words.CHANNELS.items():
        yield _row("Last sign of life", name, {"at": signs.get(key)}, ("", "at"))


def _listed(line: Node, key: str) -> list[Node]:
    return fields.nodes(line, key)[: LIMITS[key]]


def _beyond(line: Node, key: str) -> int:
    """How many of a part are not listed, be it here or already in the record."""
    return max(len(fields.nodes(line, key)), fields.whole(line, f"{key}_total") or 0) - len(
        _listed(line, key)
    )


def _row(kind: str, name: str | None, row: Node, bounds: tuple[str, str], note: str = "") -> Row:
    return Row(kind, name or "unnamed", _time(row, bounds[0]), _time(row, bounds[1]), note)


def _time(row: Node, key: str) -> str:
    at = fields.when(row, key)
    return f"{at:%m-%d} {units.clock(at)}" if at else "-"


def _written(row: Node) -> str:
    said = [words.WRITES[writes.state_of(row)]]
    if (count := fields.whole(row, "size")) is not None:
        said.append(units.size(count) + (f" ({units.exact_bytes(count)})" if count >= 1024 else ""))
    return ", ".join(said)


def _count(row: Node, key: str, noun: str) -> str:
    count = fields.whole(row, key)
    return "" if count is None else units.plural(count, noun)
