"""Clean log bytes cut into blocks of whole lines; a line too long for memory becomes overlapping windows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WINDOW = 64 * 1024
"""The longest segment that is looked at in one piece, in bytes."""
OVERLAP = 4 * 1024
"""A match of at most this many bytes is found wherever it lies in an over-long segment."""


@dataclass(frozen=True, slots=True)
class Block:
    r"""Whole segments of a log, or one window of a segment that is longer than `WINDOW`.

    A segment is what ends with `\n` or `\r`.
    """

    data: bytes
    flat: bytes
    r"""`data` with every `\r` as `\n`: the same object where there is none."""
    offset: int
    """Clean bytes of the file before `data`."""
    line: int
    """Number of the line in which `data` begins."""
    newlines: int
    r"""Line ends (`\n`) in `data`."""
    skip: int = 0
    """1 in a second or later window: its first byte is of the one before, there for `\\b` to see."""
    own: int | None = None
    """In a window that is not the last: matches that begin here or later belong to the next window."""

    def number(self, start: int) -> int:
        """The number of the line that byte `start` lies in."""
        return self.line + self.data.count(b"\n", 0, start)


def blocks_of(chunks: Iterable[bytes], window: int = WINDOW, overlap: int = OVERLAP) -> Iterator[Block]:
    """The blocks of the joined `chunks`, in order; the windows do not depend on how the chunks are cut."""
    cutter = _Cutter(window, overlap)
    for chunk in chunks:
        yield from cutter.take(chunk)
    yield from cutter.rest()


class _Cutter:
    """Holds back the unfinished segment at the end, never more than a window of it."""

    def __init__(self, window: int, overlap: int) -> None:
        self._window, self._overlap = window, overlap
        self._data = b""
        self._flat = b""
        self._offset = 0
        self._line = 1
        self._skip = 0

    def take(self, chunk: bytes) -> Iterator[Block]:
        same = self._data is self._flat
        flat = chunk.replace(b"\r", b"\n") if b"\r" in chunk else chunk
        data = self._data + chunk if self._data else chunk
        self._flat = data if same and flat is chunk else self._flat + flat
        self._data = data
        yield from self._cut()

    def rest(self) -> Iterator[Block]:
        if len(self._data) > self._skip:
            yield self._block(len(self._data))

    def _cut(self) -> Iterator[Block]:
        """Give what is certain; an over-long segment is at the start of the buffer when it is cut."""
        while True:
            # Inside an over-long segment only its end is looked for.
            end = self._ending() if self._skip else self._whole()
            if end:
                yield self._block(end)
            elif len(self._data) > self._window:
                yield self._windowed()
            else:
                return

    def _ending(self) -> int:
        return self._flat.find(b"\n", self._skip, self._window + 1) + 1

    def _whole(self) -> int:
        """The end of the segments at the start of the buffer that fit into a window each."""
        end = 0
        while (border := self._flat.rfind(b"\n", end, end + self._window + 1)) >= 0:
            end = border + 1
        return end

    def _block(self, end: int) -> Block:
        newlines = self._data.count(b"\n", 0, end)
        data = self._data[:end]
        flat = data if self._data is self._flat else self._flat[:end]
        block = Block(data, flat, self._offset, self._line, newlines, self._skip)
        self._drop(end)
        self._line += newlines
        self._skip = 0
        return block

    def _windowed(self) -> Block:
        own = self._window - self._overlap
        data = self._data[: self._window]
        block = Block(data, data, self._offset, self._line, 0, self._skip, own)
        self._drop(own - 1)
        self._skip = 1
        return block

    def _drop(self, end: int) -> None:
        same = self._data is self._flat
        self._offset += end
        self._data = self._data[end:]
        self._flat = self._data if same or self._flat[end:] == self._data else self._flat[end:]
