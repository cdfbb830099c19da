"""A report and a scan as objects that show themselves in a notebook."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from diagnose.errors import UsageError
from diagnose.frames import frame_of
from diagnose.report import inline, markdown
from diagnose.report.fields import Node, node, raw
from diagnose.report.visible import line
from diagnose.results import read_results
from diagnose.roster import Row
from diagnose.tables import write_csv, write_parquet

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """The verdict on one run. `record` is all of it, as `diagnose_path` gives it and `diagnose RUN -f json` prints it."""

    record: Node

    @property
    def run_id(self) -> str | None:
        """The id of the run; None where the evidence does not say it."""
        return raw(node(self.record, "run"), "id")

    @property
    def outcome(self) -> str:
        """What became of the run, `stuck` for one."""
        return raw(self.record, "outcome") or "unknown"

    @property
    def cause(self) -> str:
        """Why, `lingering-child-process` for one."""
        return raw(self.record, "cause") or "inconclusive"

    @property
    def mechanism(self) -> str | None:
        """How, more finely, `non-daemon-thread` for one."""
        return raw(self.record, "mechanism")

    @property
    def certainty(self) -> str:
        """`established`, `supported`, `suspected` or `none`."""
        return raw(self.record, "certainty") or "none"

    @property
    def headline(self) -> str:
        """The verdict as one sentence."""
        return raw(self.record, "headline") or ""

    def __repr__(self) -> str:
        run = node(self.record, "run")
        name = raw(run, "display_name") or self.run_id or "a run without a name"
        said = f"{self.outcome}: {self.cause} ({self.certainty})"
        return f"<Report of {line(name, 80)}: {line(said, 120)}>"

    def _repr_html_(self) -> str:
        return inline.report(self.record)

    def _repr_markdown_(self) -> str:
        return markdown.render(self.record)


@dataclass(frozen=True, slots=True, repr=False)
class Scan:
    """The runs of one scan, in the order in which they were diagnosed, and the folder that holds all of it.

    `skipped`: lines of its results that could not be read.
    """

    folder: Path
    rows: tuple[Row, ...]
    skipped: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def to_frame(self) -> "pd.DataFrame":
        """The runs as a pandas frame of `diagnose.frames.COLUMNS`; `frame.attrs["skipped"]` are lines that could not be read."""
        frame = frame_of(self.rows)
        frame.attrs["skipped"] = self.skipped
        return frame

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the runs as the table that the ending of `path` names: `.csv` or `.parquet`."""
        match Path(path).suffix.lower():
            case ".csv":
                write_csv(self.rows, path)
            case ".parquet":
                write_parquet(self.rows, path)
            case _:
                raise UsageError(f"A scan is saved as .csv or .parquet, and {path} ends in neither.")

    def __repr__(self) -> str:
        return f"<Scan {line(str(self.folder), 120)}: {inline.summary(self.rows, self.skipped)}>"

    def _repr_html_(self) -> str:
        return inline.runs(self.rows, self.skipped)


def load_scan(folder: str | os.PathLike[str]) -> Scan:
    """The scan that lies in `folder`, finished, running or broken off.

    Raises `DiagnoseError` when there is none.
    """
    found = read_results(Path(folder))
    return Scan(found.folder, found.rows, found.skipped)
