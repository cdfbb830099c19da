"""The columns of a table of runs: their names, their order and their types, the same in frames, CSV and Parquet.

Columns are added at the end and never renamed, moved or removed. What nobody knows is null in all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias

from diagnose.roster import Row

Value: TypeAlias = str | int | float | bool | datetime | None


class Kind(Enum):
    """The type of a column; every one can be null."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    TRUTH = "truth"
    TIME = "time"
    """UTC, to the microsecond."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column, and how a row fills it."""

    name: str
    kind: Kind
    value: Callable[[Row], Value]


def cell(column: Column, row: Row) -> Value:
    """What stands in `column` for `row`: text without the lone surrogates that no file can hold."""
    value = column.value(row)
    return value.encode("utf-8", errors="replace").decode("utf-8") if isinstance(value, str) else value


def _field(name: str, kind: Kind) -> Column:
    def value(row: Row) -> Any:
        return getattr(row, name)

    return Column(name, kind, value)


def _idle_since(row: Row) -> datetime | None:
    try:
        return row.idle_since
    except OverflowError:  # idle for longer than there are dates
        return None


_TEXT, _TIME = Kind.TEXT, Kind.TIME

COLUMNS: tuple[Column, ...] = (
    _field("workspace", _TEXT),
    _field("workspace_id", _TEXT),  # ARM id
    _field("run_id", _TEXT),
    _field("display_name", _TEXT),
    _field("experiment", _TEXT),
    _field("owner", _TEXT),
    _field("status", _TEXT),  # the service's word
    _field("type", _TEXT),
    _field("compute", _TEXT),
    _field("size", _TEXT),  # of a node
    _field("nodes", Kind.WHOLE),
    _field("priority", _TEXT),
    _field("outcome", _TEXT),
    _field("cause", _TEXT),
    _field("mechanism", _TEXT),
    _field("certainty", _TEXT),
    _field("headline", _TEXT),
    _field("is_trouble", Kind.TRUTH),  # whether somebody has to look at it
    _field("created_at", _TIME),
    _field("started_at", _TIME),
    _field("ended_at", _TIME),
    _field("seen_at", _TIME),
    _field("duration_s", Kind.NUMBER),
    _field("idle_s", Kind.NUMBER),  # from the end of the work to the end of the run, or to the look at it
    Column("idle_since", _TIME, _idle_since),
    _field("node_hours", Kind.NUMBER),  # idle, times nodes
    _field("portal_url", _TEXT),
    _field("report", _TEXT),  # its page, below the folder of the scan
    _field("shape", _TEXT),  # equal for runs that fail alike
)
"""Every column of a scan."""
