"""The lines around a place in a log: those behind it are remembered, a bounded number of them."""

import re
from collections import deque
from collections.abc import Iterator
from itertools import chain, islice

from diagnose.evidence.logscan.blocks import Block

REMEMBERED = 60
"""Lines that can be looked back to, and that a file's tail holds."""
_FOLD_BYTES = 2 << 20
_PIECE = 1000

_WORD = re.compile(rb"\S").search

Piece = tuple[int, bytes]
"""Number and beginning (and end, when it is long) of a line or segment that is not blank."""


class Trail:
    """The last lines before the current block."""

    def __init__(self) -> None:
        self._older: deque[Piece] = deque(maxlen=REMEMBERED)
        self._recent: list[Block] = []
        self._bytes = 0

    def add(self, block: Block) -> None:
        """The block has been read. It is kept whole for a while: few of its lines are ever asked for."""
        self._recent.append(block)
        self._bytes += len(block.data)
        if self._bytes > _FOLD_BYTES:
            self._older.extend(reversed([*islice(self.back(), REMEMBERED)]))
            self._recent, self._bytes = [], 0

    def back(self, block: Block | None = None, start: int = 0, number: int = 0) -> Iterator[Piece]:
        """The lines that are not blank, backwards from line `number` at byte `start` of `block`, or from the end."""
        here = pieces_back(block, start, number) if block else iter(())
        ends = ((b, len(b.flat), b.line + b.newlines) for b in reversed(self._recent))
        earlier = chain.from_iterable(pieces_back(*end) for end in ends)
        return chain(here, earlier, reversed(self._older))

    def forget(self) -> None:
        """A part of the log is missing here: no line behind it is next to one before it."""
        self._older.clear()
        self._recent, self._bytes = [], 0


def pieces_back(block: Block, end: int, number: int) -> Iterator[Piece]:
    """The lines of `block` before byte `end`, which is in line `number`; the last first."""
    flat, data = block.flat, block.data
    counted = end
    while end > block.skip:
        end -= flat[end - 1] == 10
        start = max(flat.rfind(b"\n", 0, end) + 1, block.skip)
        line = flat[start:end]
        if line and not line.isspace():
            number -= data.count(b"\n", start, counted)
            counted = start
            yield number, short(line)
            end = start
        else:  # there may be very many blank lines
            end = block.skip + len(flat[block.skip : start].rstrip())
            end = flat.find(b"\n", end) + 1 if end > block.skip else end


def pieces(block: Block, start: int, number: int) -> Iterator[Piece]:
    """The lines of `block` from byte `start` on, where line `number` or a segment of it begins."""
    flat, data = block.flat, block.data
    counted = start
    while (word := _WORD(flat, start)) is not None:
        begin = max(flat.rfind(b"\n", start, word.start()) + 1, start)
        end = flat.find(b"\n", begin)
        end = len(flat) if end < 0 else end
        number += data.count(b"\n", counted, begin)
        counted = begin
        yield number, short(flat[begin:end])
        start = min(end + 1, len(flat))


def short(line: bytes) -> bytes:
    """The line, without the middle where it is long."""
    if len(line) <= 2 * _PIECE:
        return line
    return line[:_PIECE] + "…".encode() + line[-_PIECE:]
