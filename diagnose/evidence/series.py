"""Numbered outputs: names that differ in one number and so say what should be there."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from diagnose.evidence.outputs import Output

NUMBER = re.compile(r"\d{1,9}")
OF_TOTAL = re.compile(r"(\d{1,9})(?:[-_]?of[-_]?)(\d{1,9})")
SMALLEST = 3
"""Fewer members show no step."""
MOST_MISSING = 0.5
"""With more than half of the numbers missing the names are ids and no counters."""
RETAINED = re.compile(r"(?i)epoch|\bep\d|step|iter|ckpt|checkpoint|model|best|last|version|snapshot|state")
"""Names of what is often saved and removed again: the best few are kept."""


@dataclass(frozen=True, slots=True)
class Series:
    """Outputs of one folder whose names differ in one number."""

    place: str
    """The folder, with the output's name."""
    template: str
    """The name with `#` for the number."""
    width: int
    """Digits, where the numbers are padded with zeros; else 0."""
    numbers: tuple[int, ...]
    missing: tuple[int, ...]
    total: int | None
    """The total that the names state, as in `part-3-of-8`."""

    @property
    def may_be_thinned(self) -> bool:
        """Whether members are often removed on purpose, as old checkpoints are: a gap then means nothing."""
        return RETAINED.search(self.template) is not None

    def name_of(self, number: int) -> str:
        """The file name of a member."""
        return self.template.replace("#", str(number).zfill(self.width))


def series_in(blobs: Iterable[Output]) -> Iterator[Series]:
    """Every numbered series, by folder and template. A series may have nothing missing."""
    groups: dict[tuple[str, str, int | None], set[str]] = defaultdict(set)
    for blob in blobs:
        for key, digits in _readings(blob):
            groups[key].add(digits)
    for (folder, template, total), found in sorted(groups.items(), key=lambda item: item[0][:2]):
        numbers = sorted({int(digits) for digits in found})
        if len(numbers) >= SMALLEST or (total and len(numbers) < total):
            yield Series(
                folder, template, _width(found), tuple(numbers), tuple(_missing(numbers, total)), total
            )


def _width(found: set[str]) -> int:
    """Digits of a number that is padded: all are of one length, and one begins with a zero."""
    lengths = {len(digits) for digits in found}
    return lengths.pop() if len(lengths) == 1 and any(d.startswith("0") and len(d) > 1 for d in found) else 0


def _readings(blob: Output) -> Iterator[tuple[tuple[str, str, int | None], str]]:
    """Each way to read the name as a numbered one; where it states a total, only that way."""
    folder = f"{blob.output}/{blob.path.rpartition('/')[0]}".rstrip("/")
    name = blob.name.replace("#", "?")
    stated = OF_TOTAL.search(name)
    places = [stated.span(1)] if stated else [match.span() for match in NUMBER.finditer(name)]
    for start, end in places:
        yield (folder, f"{name[:start]}#{name[end:]}", int(stated[2]) if stated else None), name[start:end]


def _missing(numbers: list[int], total: int | None) -> Iterator[int]:
    present = set(numbers)
    if total is not None and numbers and total <= 100_000:
        first = 0 if numbers[0] == 0 else 1
        yield from (n for n in range(first, first + total) if n not in present)
        return
    steps = sorted({later - earlier for earlier, later in pairwise(numbers)})
    if not steps or any(step % steps[0] for step in steps):
        return
    expected = range(numbers[0], numbers[-1] + 1, steps[0])
    gaps = [n for n in expected if n not in present] if len(expected) <= 2 * len(numbers) else []
    regular = sum(later - earlier == steps[0] for earlier, later in pairwise(numbers))
    if len(gaps) <= MOST_MISSING * len(expected) and regular >= SMALLEST - 1:
        yield from gaps
