"""A scan as a table in a file: CSV for spreadsheets, Parquet for programs. Rows are written as they come."""

import codecs
import csv
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from diagnose.columns import COLUMNS, Kind, Value, cell
from diagnose.errors import DiagnoseError
from diagnose.evidence.instants import format_instant
from diagnose.redact.gate import check
from diagnose.roster import Row
from diagnose.whole import whole_file

_BATCH = 5000
"""Rows of a Parquet row group, and all that is held of the table at once."""

# A spreadsheet runs what begins with one of these, in their wide forms too, and may trim what stands before it. A cell begins
# also after a semicolon, tab or line end, where the spreadsheet was told to split there, or its locale says so.
_FORMULA = re.compile(r"""(^|[;\t\r\n])((?:"|[^\S\t\r\n])*)(?=[=+\-@＝＋－＠])""")


def write_csv(rows: Iterable[Row], path: str | os.PathLike[str]) -> None:
    """Write the table as CSV that a spreadsheet opens by a double click and runs nothing of: all columns of a frame.

    UTF-8 with a mark at the start, times in ISO 8601, null as an empty cell. An apostrophe stands before text that a spreadsheet
    would take for a formula; text is quoted always, numbers never. For the text as it was, take Parquet or `results.jsonl`.
    Raises `DiagnoseError` when it cannot be written.
    """
    with _written(Path(path)) as file:
        # Without the mark a spreadsheet reads UTF-8 as something else.
        sheet = codecs.getwriter("utf-8-sig")(file)
        write = csv.writer(sheet, quoting=csv.QUOTE_NONNUMERIC).writerow
        write([column.name for column in COLUMNS])
        for row in _checked(rows, path):
            write([_shown(cell(column, row)) for column in COLUMNS])


def write_parquet(rows: Iterable[Row], path: str | os.PathLike[str]) -> None:
    """Write the table as Parquet: columns and types of `diagnose.frames.frame_of`, which `pandas.read_parquet` gives back.

    Raises `DiagnoseError` without pyarrow, or when it cannot be written.
    """
    arrow, parquet = _arrow()
    schema = _schema(arrow)
    left = _checked(rows, path)
    with _written(Path(path)) as file, parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while batch := list(islice(left, _BATCH)):
            held = [[cell(column, row) for row in batch] for column in COLUMNS]
            arrays = [arrow.array(each, kind.type) for each, kind in zip(held, schema, strict=True)]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))


def _checked(rows: Iterable[Row], path: str | os.PathLike[str]) -> Iterator[Row]:
    for row in rows:
        check("\n".join(str(cell(column, row)) for column in COLUMNS), f"The table {path}")
        yield row


@contextmanager
def _written(path: Path) -> Iterator[IO[bytes]]:
    try:
        with whole_file(path) as file:
            yield file
    except OSError as error:
        why = error.strerror or str(error)
        raise DiagnoseError(
            f"The table could not be written to {path}: {why}. Name another place."
        ) from error


def _shown(value: Value) -> str | float:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return format_instant(value) or ""
        case str():
            return _FORMULA.sub(r"\1'\2", value)
        case _:
            return value


_PANDAS = {
    Kind.TEXT: ("unicode", "string"),
    Kind.WHOLE: ("int64", "Int64"),
    Kind.NUMBER: ("float64", "Float64"),
    Kind.TRUTH: ("bool", "boolean"),
    Kind.TIME: ("datetimetz", "datetime64[us, UTC]"),
}


def _schema(arrow: Any) -> Any:
    types = {
        Kind.TEXT: arrow.string(),
        Kind.WHOLE: arrow.int64(),
        Kind.NUMBER: arrow.float64(),
        Kind.TRUTH: arrow.bool_(),
        Kind.TIME: arrow.timestamp("us", tz="UTC"),
    }
    schema = arrow.schema([(column.name, types[column.kind]) for column in COLUMNS])
    return schema.with_metadata({"pandas": json.dumps(_pandas_types())})


def _pandas_types() -> dict[str, object]:
    """The types as pandas notes them in Parquet; without the note it would read whole numbers with gaps as fractions."""
    columns = [
        {
            "name": column.name,
            "field_name": column.name,
            "pandas_type": _PANDAS[column.kind][0],
            "numpy_type": _PANDAS[column.kind][1],
            "metadata": {"timezone": "UTC"} if column.kind is Kind.TIME else None,
        }
        for column in COLUMNS
    ]
    return {"index_columns": [], "column_indexes": [], "columns": columns}


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa  # noqa: PLC0415  (55 MB that most installations do without)
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise DiagnoseError(
            "Parquet needs pyarrow, which is not installed. pip install azureml-diagnose[parquet]"
        ) from error
    return pa, parquet
