"""The folders that scans leave, read back: the rows of `results.jsonl`, and when the scan was.

A scan that was killed leaves half a line, and one that goes on writes a run's line again: the half is skipped and counted,
and the later line replaces the earlier.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from diagnose.errors import DiagnoseError
from diagnose.evidence import fields
from diagnose.roster import Line, Row, row_of

RESULTS = "results.jsonl"
FACTS = "scan.json"


@dataclass(frozen=True, slots=True)
class Results:
    """What one scan says, slim. `skipped`: lines that could not be read. `at`: when it began, as far as anything says."""

    folder: Path
    rows: tuple[Row, ...]
    skipped: int
    at: datetime | None

    @property
    def name(self) -> str:
        """What the folder is called."""
        return self.folder.resolve().name


def read_results(folder: Path) -> Results:
    """The scan in `folder`, its rows in the order in which the runs first came.

    Raises `DiagnoseError` when there is none, or it may not be read.
    """
    rows: dict[tuple[str, str, int], Row] = {}
    skipped = 0
    try:
        for place, line in enumerate(_lines(folder / RESULTS)):
            if line is None:
                skipped += 1
                continue
            row = row_of(line)
            # Evidence from a folder of logs has no run id, and two of those are two runs.
            rows[(*row.key, 0 if row.run_id else place + 1)] = row
    except OSError as error:
        raise DiagnoseError(
            f"{folder} is not the folder of a scan: {RESULTS} cannot be read ({error.strerror or error}). "
            "Name the folder that was given to diagnose scan with -o."
        ) from error
    found = tuple(rows.values())
    return Results(folder, found, skipped, _began(folder) or _first_look(found))


def read_all(parent: Path) -> list[Results]:
    """Every scan in the folders of `parent`, the earliest first; none is an empty list.

    Raises `DiagnoseError` when `parent` is no folder, or is itself a scan.
    """
    try:
        folders = [each for each in sorted(parent.iterdir()) if (each / RESULTS).is_file()]
    except OSError as error:
        raise DiagnoseError(
            f"{parent} cannot be read as a folder of scans: {error.strerror or error}. Name the folder in "
            "which the folders given to diagnose scan with -o lie."
        ) from error
    if not folders and (parent / RESULTS).is_file():
        raise DiagnoseError(
            f"{parent} is one scan and not a folder of scans. Name the folder above it, or use load_scan."
        )
    return sorted((read_results(each) for each in folders), key=_order)


def _order(scan: Results) -> tuple[bool, float, str]:
    """By time; a scan of which no time is known comes first, as the least certain."""
    return scan.at is not None, scan.at.timestamp() if scan.at else 0.0, scan.name


def _lines(path: Path) -> Iterator[Line | None]:
    """Each line as an object, None for one that is not a verdict; line by line, since records are large."""
    with path.open("rb") as file:
        for raw in file:
            if raw.strip():
                line = _object(raw)
                yield line if line is not None and isinstance(line.get("run"), Mapping) else None


def _object(raw: bytes) -> Line | None:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):  # half a line, not UTF-8, brackets without end
        return None
    return value if isinstance(value, dict) else None


def _began(folder: Path) -> datetime | None:
    try:
        facts = _object((folder / FACTS).read_bytes())
    except OSError:
        return None
    return None if facts is None else fields.instant(facts, "started_at")


def _first_look(rows: tuple[Row, ...]) -> datetime | None:
    return min((row.seen_at for row in rows if row.seen_at), default=None)
