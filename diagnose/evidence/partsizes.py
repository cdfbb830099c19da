"""Parts of one whole that should be of about one size: the one that is a fraction of all the others."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from diagnose.evidence.integrity import IntegrityState
from diagnose.evidence.outputs import Output

FEWEST = 6
"""Fewer members show no size of their own."""
FRACTION = 0.25
"""Of the median: what is larger may be how the data fell."""
NARROW = 0.2
"""How far any of the others may be from their median; beyond that sizes vary."""
SMALLEST_MEDIAN = 4096
"""Below it a difference may be a header or a line."""
_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class SmallPart:
    """One output that is far smaller than its siblings, which are all of about one size."""

    blob: Output
    median: int
    count: int
    """Siblings, without it."""
    spread: float
    """How far the one of them that is farthest from the median is away from it, as a share of it."""


def small_parts(blobs: Iterable[Output]) -> Iterator[SmallPart]:
    """In every numbered row of even sizes the one part that is a fraction of them; the last one is naturally smaller.

    Only a part of a format whose wholeness its bytes cannot tell: one that they show to be whole is so, however small.
    """
    for members in _rows(blobs).values():
        if len(members) < FEWEST:
            continue
        ordered = [members[key] for key in sorted(members)]
        smallest = min(ordered, key=lambda blob: blob.size or 0)
        others = [blob.size or 0 for blob in ordered if blob is not smallest]
        middle = median(others)
        apart = (abs(size - middle) for size in others if size != (ordered[-1].size or 0))
        spread = max(apart, default=0) / max(middle, 1)
        small = 0 < (smallest.size or 0) < FRACTION * middle
        if (
            spread <= NARROW
            and small
            and middle >= SMALLEST_MEDIAN
            and smallest is not ordered[-1]
            and _untold(smallest)
        ):
            yield SmallPart(smallest, round(middle), len(others), spread)


def _rows(blobs: Iterable[Output]) -> dict[tuple[str, str], dict[tuple[int, ...], Output]]:
    """Outputs of one folder whose names differ in numbers alone, by those numbers."""
    rows: defaultdict[tuple[str, str], dict[tuple[int, ...], Output]] = defaultdict(dict)
    for blob in blobs:
        numbers = tuple(int(digits) for digits in _NUMBER.findall(blob.name))
        if numbers and blob.size is not None and not blob.is_uncommitted:
            rows[blob.output, f"{blob.path[: -len(blob.name)]}{_NUMBER.sub('#', blob.name)}"][numbers] = blob
    return rows


def _untold(blob: Output) -> bool:
    return blob.integrity.state is IntegrityState.UNKNOWN


def short_last(blobs: Iterable[Output]) -> Iterator[tuple[Output, int, tuple[Output, ...]]]:
    """In every numbered row of parts of one size the last, where it is smaller, with that size and the others.

    It may hold the rest and be naturally so: who accuses it needs to know more.
    """
    for members in _rows(blobs).values():
        *others, last = [members[key] for key in sorted(members)]
        sizes = [blob.size or 0 for blob in others]
        if len(members) < FEWEST or max(sizes) - min(sizes) > EVEN * max(sizes):
            continue
        if (last.size or 0) < (1 - 2 * EVEN) * min(sizes) and _untold(last):
            yield last, round(median(sizes)), tuple(others)


EVEN = 0.02
"""Parts that differ by less than this share hold the same number of items."""
