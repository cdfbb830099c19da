"""Scans as pandas frames, for those who look for themselves.

pandas is an extra (`azureml-diagnose[pandas]`) and is imported where a frame is made, not before.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diagnose.columns import COLUMNS as _COLUMNS
from diagnose.columns import Column, Kind, Value, cell
from diagnose.errors import DiagnoseError
from diagnose.results import Results, read_all
from diagnose.roster import Row
from diagnose.tables import write_csv, write_parquet

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "HISTORY_COLUMNS", "frame_of", "load_history", "write_csv", "write_parquet"]

COLUMNS: tuple[str, ...] = tuple(column.name for column in _COLUMNS)
"""The columns of `frame_of`, in order; what each holds is said in `diagnose.roster.Row`."""
HISTORY_COLUMNS: tuple[str, ...] = ("scan", "scanned_at", *COLUMNS)
"""The columns of `load_history`: the name of the scan's folder, when the scan began, and those of `frame_of`."""

_TYPES = {
    Kind.TEXT: "string",
    Kind.WHOLE: "Int64",
    Kind.NUMBER: "Float64",
    Kind.TRUTH: "boolean",
    # Microseconds, as the records have them; nanoseconds would end in 2262, and broken clocks do not.
    Kind.TIME: "datetime64[us, UTC]",
}


def frame_of(rows: Iterable[Row]) -> "pd.DataFrame":
    """A frame of `COLUMNS`, a row a run, in the order of `rows`.

    Every type is nullable and times are zone-aware UTC, also when there are no rows. Raises `DiagnoseError` without pandas.
    """
    return _frame((_cells(row) for row in rows), _COLUMNS)


def load_history(parent: str | os.PathLike[str]) -> "pd.DataFrame":
    """All scans in the folders of `parent` as one frame of `HISTORY_COLUMNS`, the earliest scan first.

    Lines that could not be read are counted: `frame.attrs["skipped"]` in all, `frame.attrs["skipped_in"]` by scan.
    Raises `DiagnoseError` when `parent` cannot be read.
    """
    scans = read_all(Path(parent))
    frame = _frame((cells for scan in scans for cells in _history(scan)), _HISTORY)
    frame.attrs["skipped"] = sum(scan.skipped for scan in scans)
    frame.attrs["skipped_in"] = {scan.name: scan.skipped for scan in scans if scan.skipped}
    return frame


_HISTORY = (
    Column("scan", Kind.TEXT, lambda _: None),
    Column("scanned_at", Kind.TIME, lambda _: None),
    *_COLUMNS,
)


def _history(scan: Results) -> Iterator[list[Value]]:
    name = scan.name.encode("utf-8", errors="replace").decode("utf-8")
    return ([name, scan.at, *_cells(row)] for row in scan.rows)


def _cells(row: Row) -> list[Value]:
    return [cell(column, row) for column in _COLUMNS]


def _frame(rows: Iterable[list[Value]], columns: Sequence[Column]) -> "pd.DataFrame":
    pandas = _pandas()
    # Column by column: pandas would guess from rows, and of no rows it guesses another type than of some.
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pandas.DataFrame(
        {
            column.name: pandas.Series(list(held), dtype=_TYPES[column.kind])
            for column, held in zip(columns, values, strict=True)
        }
    )


def _pandas() -> Any:
    try:
        import pandas as pd  # noqa: PLC0415  (0.4 s that only frames are worth)
    except ImportError as error:
        raise DiagnoseError(
            "A frame needs pandas, which is not installed. pip install azureml-diagnose[pandas]"
        ) from error
    return pd
