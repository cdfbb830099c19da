"""Columns of figures among the outputs that hold one and the same value in every row, while the rows differ."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from diagnose.evidence.outputs import Output
from diagnose.evidence.textrows import lines_at_ends

FEWEST_ROWS = 50
MOST_FILES = 40
"""More of one kind are read here and there only."""


@dataclass(frozen=True, slots=True)
class SameValue:
    """One column, over all files of one folder and suffix."""

    blobs: tuple[Output, ...]
    column: str
    value: float
    rows: int
    """Rows that were read: those at both ends of each file."""

    @property
    def is_fraction(self) -> bool:
        """Whole numbers are versions, counts and settings, too."""
        return self.value != int(self.value)


def same_values(blobs: Iterable[Output]) -> Iterator[SameValue]:
    """Every column of figures that never changes, where another tells every row from the others."""
    groups: defaultdict[tuple[str, str, str], list[Output]] = defaultdict(list)
    for blob in blobs:
        if blob.name.lower().endswith((".jsonl", ".csv", ".tsv")):
            groups[blob.output, blob.path.rpartition("/")[0], blob.name.rpartition(".")[2]].append(blob)
    for members in groups.values():
        rows = [row for blob in members[:: max(1, len(members) // MOST_FILES)] for row in _rows(blob)]
        if len(rows) < FEWEST_ROWS:
            continue
        keys = [key for key in rows[0] if all(key in row for row in rows)]
        differ = any(len({row[key] for row in rows}) > 0.9 * len(rows) for key in keys)
        for key in keys if differ else ():
            values = {row[key] for row in rows}
            number = _number(values.pop()) if len(values) == 1 else None
            if number is not None:
                yield SameValue(tuple(members), key, number, len(rows))


def _rows(blob: Output) -> Iterator[Mapping[str, str]]:
    texts = [line.decode("utf-8", "replace").strip() for line in lines_at_ends(blob)]
    if blob.name.lower().endswith(".jsonl"):
        for text in texts:
            try:
                row = json.loads(text)
            except (ValueError, RecursionError):
                continue
            if isinstance(row, dict):
                yield {key: str(value) for key, value in row.items()}
        return
    table = csv.reader(texts, delimiter="\t" if texts and "\t" in texts[0] else ",")
    header = next(table, [])
    for cells in table:
        if len(cells) == len(header):
            yield dict(zip(header, cells, strict=True))


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None
