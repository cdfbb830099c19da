"""The times of a log's lines: of all in its first and last 16 MiB, of one per 64 KiB between them."""

from bisect import bisect_right
from collections.abc import Iterable

from diagnose.evidence.logscan.blocks import Block
from diagnose.evidence.logscan.linepace import LinePace
from diagnose.evidence.logscan.stampforms import find_stamped
from diagnose.evidence.logscan.times import LineClock
from diagnose.evidence.logscan.trail import Piece

READ_WHOLE = 16 << 20
SAMPLED_EVERY = 64 << 10
_TRIES = 100
"""Likely lines that are looked at for one sample before it is given up."""


class LineTimes:
    """Takes the blocks of one log in order; answers for places in the last one taken."""

    def __init__(self, clock: LineClock, size: int | None, read_whole: int = READ_WHOLE) -> None:
        self.pace = LinePace()
        self._clock = clock
        self._head_ends = read_whole
        # The size counts raw bytes, of which cleaning may leave fewer: then less of the end is read whole.
        self._tail_begins = max(size - read_whole, read_whole) if size is not None else 1 << 62
        self._sample_at = read_whole
        self._tries = 0
        self._sample_lines = 1
        self._sampled = False
        self._known: int | None = None
        self._starts: list[int] = []
        self._times: list[int] = []

    def take(self, block: Block) -> None:
        """Read the times of a block."""
        self._known = self._times[-1] if self._times else self._known
        self._starts, self._times = [], []
        if block.skip:
            return
        head = _segment_from(block, self._head_ends)
        tail = max(_segment_from(block, self._tail_begins), head)
        if head:
            self._read_all(block, 0, head)
        if head < tail:
            self._read_some(block, head, tail)
        if tail < len(block.flat):
            self._read_all(block, tail, len(block.flat))

    def forget(self) -> None:
        """A part of the log is missing here."""
        self._clock.forget()
        self._sampled = True

    def at(self, block: Block, start: int, end: int, behind: Iterable[Piece]) -> tuple[int | None, bool]:
        """The segment's time, else that of the nearest line of `behind`; and whether it is its own."""
        if block.skip:
            return self._known, False
        place = bisect_right(self._starts, start)
        if place and self._starts[place - 1] == start:
            return self._times[place - 1], True
        known = self._times[place - 1] if place else self._known
        if not self._head_ends <= block.offset + start < self._tail_begins:
            return known, False
        own = self._clock.peek(block.flat[start:end], known)
        if own is not None:
            return own, True
        times = (self._clock.peek(line, known) for _number, line in behind)
        return next((time for time in times if time is not None), known), False

    def _read_all(self, block: Block, start: int, end: int) -> None:
        starts, times = self._clock.read_all(block.flat[start:end])
        self._starts += [start + begin for begin in starts] if start else starts
        self._times += times
        if times and self._sampled:
            self.pace.add(times.pop(0), sampled=True)
            self._sampled = False
        if times:
            self.pace.add_all(times)
        if block.offset < self._head_ends:
            self._sample_lines = max(1, self.pace.stamped * SAMPLED_EVERY // self._head_ends)

    def _read_some(self, block: Block, start: int, end: int) -> None:
        flat = block.flat
        while (start := _possible(flat, max(start, _segment_from(block, self._sample_at)), end)) < end:
            stop = flat.find(b"\n", start)
            stop = len(flat) if stop < 0 else stop
            micros = self._clock.read(flat[start:stop])
            self._tries += 1
            if micros is not None:
                self._starts.append(start)
                self._times.append(micros)
                self.pace.add(micros, lines=self._sample_lines, sampled=True)
                self._sampled = True
            if micros is not None or self._tries >= _TRIES:
                self._tries = 0
                self._sample_at = ((block.offset + start) // SAMPLED_EVERY + 1) * SAMPLED_EVERY
            start = stop + 1


def _possible(flat: bytes, start: int, end: int) -> int:
    """Where the first line from `start` on begins that may begin with a time; `end` when none does before it."""
    if start == 0 and end:
        stop = flat.find(b"\n", 0, end)
        if next(find_stamped(b"\n" + flat[: stop if stop >= 0 else end]), None) is not None:
            return 0
        start = stop + 1 or end
    found = next(find_stamped(flat, start - 1, end), None) if start < end else None
    return found.start() + 1 if found is not None else end


def _segment_from(block: Block, offset: int) -> int:
    """Where the first segment at `offset` of the file or later begins; the block's end if none does."""
    wanted = offset - block.offset
    if wanted <= 0:
        return 0
    return (block.flat.find(b"\n", wanted - 1) + 1) or len(block.flat)
