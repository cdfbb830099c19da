"""Logs among the outputs, as a child writes them into a file of its own: how far their count got."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from diagnose.evidence.counters import BY_DESIGN, Counter, counter_in
from diagnose.evidence.logs import LogLine
from diagnose.evidence.outputs import Output

FEWEST = 3


@dataclass(frozen=True, slots=True)
class BrokenCount:
    """A text output that ends in a count that rose evenly and stopped short of its total."""

    blob: Output
    counter: Counter


def broken_counts(blobs: tuple[Output, ...]) -> Iterator[BrokenCount]:
    """Every text whose last line is such a count, and nothing behind it."""
    for blob in blobs:
        lines = _last_lines(blob)
        counts = [counter_in(LogLine(blob.path, n, text, None)) for n, text in enumerate(lines, 1)]
        told = [c for c in counts if c and counts[-1] and c.total == counts[-1].total]
        if len(told) >= FEWEST and counts[-1] is told[-1] and _stops_short([c.done for c in told], told[-1]):
            yield BrokenCount(blob, told[-1])


def _stops_short(done: list[int], last: Counter) -> bool:
    steps = [later - earlier for earlier, later in pairwise(done)]
    # A count from 0 ends one step before its total.
    return min(steps) > 0 and last.total - last.done > max(steps) and not BY_DESIGN.search(last.line.text)


def _last_lines(blob: Output) -> list[str]:
    """The lines at its end, where it is no table or record of another format."""
    tail = blob.tail or blob.head or b""
    if b"\0" in tail or blob.integrity.format is not None or not tail.strip():
        return []
    text = tail.decode("utf-8", "replace").splitlines()
    return text if len(tail) == blob.size else text[1:]
