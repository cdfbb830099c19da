"""Text outputs that end where a write buffer was full: their sizes tell that what came after was never flushed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod

from diagnose.evidence.outputs import Output
from diagnose.evidence.textrows import lines_at_ends, text_rows

BUFFER = 8192
"""Bytes that Python's text files and buffered writers collect before they hand them on."""
PAGE = 4096
"""C's standard library hands on whole pages, wherever in a line they end."""
FEWEST_LINES = 20


@dataclass(frozen=True, slots=True)
class EdgeGroup:
    """The text files of one folder and suffix, every one of which ends where a buffer was full."""

    blobs: tuple[Output, ...]
    rows: tuple[int, ...]
    """Lines of each; where the middle was not read, by the length of those that were."""
    chance: float
    """How probable such sizes are of files that were closed."""

    @property
    def is_telling(self) -> bool:
        """Several files, of different numbers of lines, that reach their edges by no chance."""
        return len({b.size for b in self.blobs}) > 1 and len(set(self.rows)) > 1 and self.chance < UNLIKELY


UNLIKELY = 1e-4


def edge_groups(blobs: Iterable[Output]) -> Iterator[EdgeGroup]:
    """Every group of which no file ends anywhere else."""
    groups: defaultdict[tuple[str, str, str], list[Output]] = defaultdict(list)
    for blob in blobs:
        folder, _, name = blob.path.rpartition("/")
        if blob.size and not blob.is_uncommitted and "." in name and name[0] not in "._":
            groups[blob.output, folder, name.rpartition(".")[2]].append(blob)
    for members in groups.values():
        shares = [_share(blob) for blob in members]
        known = [share for share in shares if share is not None]
        if len(known) == len(shares):
            rows = tuple(text_rows(blob) for blob in members)
            chance = prod(known) if len(set(rows)) > 1 else max(known)
            yield EdgeGroup(tuple(members), rows, chance)


def _share(blob: Output) -> float | None:
    """Which share of all sizes lies as near to an edge as this one; `None` where it is no text, or ends elsewhere."""
    lines, size = lines_at_ends(blob), blob.size or 0
    if len(lines) < FEWEST_LINES:
        return None
    if size % PAGE == 0 and not (blob.tail or b"").endswith(b"\n"):
        return 1 / PAGE
    longest = max(map(len, lines))
    buffers = max(1, round(size / BUFFER))
    near = abs(size - buffers * BUFFER) <= buffers * longest
    return min(1.0, 2 * buffers * longest / BUFFER) if near else None
