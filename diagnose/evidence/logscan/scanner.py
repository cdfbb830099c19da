"""One pass over one log: matches with their surroundings, times, first and last lines, in bounded memory."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO
from zipfile import BadZipFile

from diagnose.errors import DiagnoseError
from diagnose.evidence.engines import Engine, compiled
from diagnose.evidence.logscan.blocks import OVERLAP, WINDOW, Block, blocks_of
from diagnose.evidence.logscan.hits import KEPT, Hit, Keeper
from diagnose.evidence.logscan.linetimes import READ_WHOLE, LineTimes
from diagnose.evidence.logscan.loglines import LogPattern
from diagnose.evidence.logscan.omission import around_omissions
from diagnose.evidence.logscan.text import clean_chunks, window
from diagnose.evidence.logscan.times import LineClock
from diagnose.evidence.logscan.trail import Piece, Trail, pieces

CHUNK = 256 * 1024
"""Bytes read at a time; more does not fit into a core's cache and is slower."""
UNREADABLE = (OSError, EOFError, zlib.error, BadZipFile, DiagnoseError)
"""What reading a stream from a folder or an archive may raise."""
HEAD = 20
TEXT = 2000
_RESATURATE_AFTER = 8 << 20

Spot = tuple[int, int]
"""Where a matching segment begins and ends in its block."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How a log is read; what is found does not depend on `chunk`."""

    chunk: int = CHUNK
    window: int = WINDOW
    overlap: int = OVERLAP
    read_whole: int = READ_WHOLE


class Scanner:
    """The matches of one kind of logs: one engine, and a keeper for each of its patterns."""

    def __init__(self, engine: Engine, keepers: Sequence[Keeper]) -> None:
        self.engine = engine
        self.keepers = keepers
        self._searches = [compiled(keeper.pattern.regex).search for keeper in keepers]
        self._since_saturated = _RESATURATE_AFTER

    def spots(self, block: Block) -> dict[int, list[Spot]]:
        """The segments of `block` that match, per pattern, in order; of a saturated pattern only the last."""
        nominations = self.engine.nominate(block.flat)
        self._since_saturated += len(block.flat)
        if not nominations:
            return {}
        found = self._confirmed(block, nominations)
        self._saturate()
        return found

    def kept(self, number: int, spots: list[Spot]) -> list[Spot]:
        """Those that can still be among the first or the last of all: the others need no further look."""
        room = self.keepers[number].room
        return spots[:room] + spots[room:][-KEPT:]

    def _confirmed(self, block: Block, nominations: Iterable[tuple[int, int]]) -> dict[int, list[Spot]]:
        flat, found, seen = block.flat, dict[int, list[Spot]](), set[int]()
        frequent = {n for n, keeper in enumerate(self.keepers) if keeper.saturated}
        start, stop, line = 0, -1, b""
        for end, number in nominations:
            if number in frequent:
                found.setdefault(number, [])
                continue
            if end - 1 > stop:
                start = flat.rfind(b"\n", 0, end - 1) + 1
                stop = flat.find(b"\n", end - 1)
                stop = len(flat) if stop < 0 else stop
                line = flat[start:stop]
                seen.clear()
            if number not in seen:
                seen.add(number)
                if self._matches(block, number, line):
                    found.setdefault(number, []).append((start, stop))
        for number, spots in found.items():
            if number in frequent:
                spots.extend(self._last(block, number))
            else:
                self.keepers[number].count += len(spots)
        return found

    def _matches(self, block: Block, number: int, line: bytes) -> bool:
        found = self._searches[number](line, block.skip)
        return found is not None and (block.own is None or found.start() < block.own)

    def _last(self, block: Block, number: int) -> list[Spot]:
        """The last matching segments of a block."""
        spots: list[Spot] = []
        flat, end = block.flat, len(block.flat)
        end -= flat.endswith(b"\n")
        while end >= 0 and len(spots) < KEPT:
            start = flat.rfind(b"\n", 0, end) + 1
            if self._matches(block, number, flat[start:end]):
                spots.append((start, end))
            end = start - 1
        return spots[::-1]

    def _saturate(self) -> None:
        # The automaton is built anew for it, which takes about as long as reading some megabytes.
        frequent = frozenset(n for n, keeper in enumerate(self.keepers) if keeper.saturated)
        if frequent and self._since_saturated >= _RESATURATE_AFTER:
            self.engine.saturate(frequent)
            self._since_saturated = 0


class _Patient:
    """Ends a stream where it breaks, so that what came before it is read to its last line."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.trouble: Exception | None = None

    def read(self, size: int) -> bytes:
        if self.trouble is not None:
            return b""
        try:
            return self._stream.read(size)
        except UNREADABLE as error:
            self.trouble = error
            return b""


class FileScan:
    """One log on its way through a scanner."""

    def __init__(
        self, scanner: Scanner, clock: LineClock, size: int | None, sizes: Sizes = Sizes()
    ) -> None:  # frozen
        self.times = LineTimes(clock, size, sizes.read_whole)
        self.head: list[Piece] = []
        self.lines = 0
        self.ends_with_newline = True
        self._scanner = scanner
        self._sizes = sizes
        self._trail = Trail()
        self._open: list[tuple[int, Hit]] = []

    def read(self, stream: BinaryIO, *, with_omission: bool = False) -> None:
        """Read the log to its end. A broken stream raises one of `UNREADABLE`, when what it gave is read."""
        sizes, patient = self._sizes, _Patient(stream)
        blocks: Iterable[Block | None] = blocks_of(
            clean_chunks(patient, sizes.chunk), sizes.window, sizes.overlap
        )
        for block in around_omissions(blocks) if with_omission else blocks:
            if block is None:
                self._skip_omission()
            else:
                self._take(block)
        if patient.trouble is not None:
            raise patient.trouble

    def tail(self) -> list[Piece]:
        """The last lines that are not blank."""
        return [*islice(self._trail.back(), 60)][::-1]

    def _take(self, block: Block) -> None:
        self.times.take(block)
        self._continue_hits(block)
        for number, spots in self._scanner.spots(block).items():
            keeper = self._scanner.keepers[number]
            keeper.keep(self._hits(block, keeper.pattern, self._scanner.kept(number, spots)))
        if len(self.head) < HEAD:
            self.head += islice(pieces(block, block.skip, block.line), HEAD - len(self.head))
        self._trail.add(block)
        self.ends_with_newline = block.data.endswith(b"\n")
        self.lines = block.line - 1 + block.newlines + (not self.ends_with_newline)

    def _skip_omission(self) -> None:
        self.times.forget()
        self._trail.forget()
        self._open.clear()

    def _continue_hits(self, block: Block) -> None:
        """Lines behind the matches at the end of the last block."""
        waiting, self._open = self._open, []
        for wanted, hit in waiting:
            self._follow(hit, pieces(block, block.skip, block.line), wanted)

    def _follow(self, hit: Hit, following: Iterator[Piece], wanted: int) -> None:
        lines = [*islice(following, wanted)]
        hit.after += lines
        if len(lines) < wanted:
            self._open.append((wanted - len(lines), hit))

    def _hits(self, block: Block, pattern: LogPattern, spots: list[Spot]) -> Iterator[Hit]:
        number, counted = block.line, 0
        for start, end in spots:
            number += block.data.count(b"\n", counted, start)
            counted = start
            yield self._hit(block, pattern, start, end, number)

    def _hit(self, block: Block, pattern: LogPattern, start: int, end: int, number: int) -> Hit:  # a place
        line = block.flat[start:end]
        found = compiled(pattern.regex).search(line, block.skip)
        left, right = found.span() if found else (0, 0)
        groups = found.groupdict() if found else {}
        micros, own = self.times.at(block, start, end, islice(self._trail.back(block, start, number), 60))
        hit = Hit(
            number=number,
            text=window(line, left, right, TEXT),
            groups={name: window(text, 0, 0, TEXT) for name, text in groups.items() if text is not None},
            micros=micros,
            own_time=own,
            before=[*islice(self._trail.back(block, start, number), pattern.before)][::-1]
            if pattern.before
            else [],
        )
        if pattern.after:
            after = number + block.data.startswith(b"\n", end)
            self._follow(hit, pieces(block, min(end + 1, len(block.flat)), after), pattern.after)
        return hit
