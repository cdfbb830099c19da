"""What can be seen of a file through its two ends, and what a format may say about it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

END_BYTES = 4096


class IntegrityState(StrEnum):
    """Whether a file ends where its own format says that it ends."""

    INTACT = "intact"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one format says about one file: a state, and why in half a sentence."""

    state: IntegrityState
    detail: str


def intact(detail: str) -> Judgement:
    """The file ends where its format says."""
    return Judgement(IntegrityState.INTACT, detail)


def truncated(detail: str) -> Judgement:
    """Something that the format requires at or before the end is not there."""
    return Judgement(IntegrityState.TRUNCATED, detail)


def unknown(detail: str) -> Judgement:
    """Neither can be proven from the two ends."""
    return Judgement(IntegrityState.UNKNOWN, detail)


@dataclass(frozen=True, slots=True)
class Window:
    """A file seen through its first and its last bytes; offsets count from the file's first byte."""

    size: int
    head: bytes
    tail: bytes
    """Empty when the end was not read."""

    @property
    def end_seen(self) -> bool:
        """Whether the last byte is visible."""
        return bool(self.tail)

    @property
    def whole(self) -> bytes | None:
        """The whole content where the two ends meet, else None."""
        overlap = len(self.head) + len(self.tail) - self.size
        return None if overlap < 0 else self.head + self.tail[overlap:]

    def at(self, offset: int, count: int) -> bytes | None:
        """Exactly `count` bytes from `offset`; None where they are not all visible."""
        if offset < 0 or offset + count > self.size:
            return None
        if offset + count <= len(self.head):
            return self.head[offset : offset + count]
        in_tail = offset - (self.size - len(self.tail))
        if in_tail >= 0:
            return self.tail[in_tail : in_tail + count]
        whole = self.whole
        return None if whole is None else whole[offset : offset + count]

    @property
    def trailing_nuls(self) -> int:
        """How many NUL bytes the visible end closes with."""
        return len(self.tail) - len(self.tail.rstrip(b"\0"))

    def without_trailing_nuls(self) -> "Window":
        """The same file as if it ended at its last byte that is not NUL, which has to be visible."""
        size = self.size - self.trailing_nuls
        return Window(size, self.head[:size], self.tail.rstrip(b"\0"))


@dataclass(frozen=True, slots=True)
class Format:
    """One file format: how to know it and how to tell whether a file of it is whole."""

    name: str
    suffixes: frozenset[str]
    """Name endings that promise this format, lower case, without the dot."""
    recognises: Callable[[Window], bool]
    judge: Callable[[Window], Judgement]
    """Called only on a window that `recognises`."""
    magics: tuple[bytes, ...] = ()
    """How a file of this format can begin; used to know a file that was cut inside those bytes."""
    distinct: bool = False
    """The first bytes prove the format whatever the file is called."""
    needs_end: bool = True
    """The judgement rests on the last bytes."""


def begins_with(*magics: bytes) -> Callable[[Window], bool]:
    """Recognise a file by its first bytes."""
    return lambda window: window.head.startswith(magics)


def suffixes(text: str) -> frozenset[str]:
    """Name endings, written as one line of words."""
    return frozenset(text.split())
