"""The time axis: long stretches in which nothing happened are cut short, so that the rest is wide."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

CUT_WIDTH = 14.0
MOST_CUTS = 3
SHORTEST_CUT = 60.0
LABEL_WIDTH = 13.0

_DAY = 86_400
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, _DAY)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time, in seconds since 1970, and where it lies, in percent of the width."""

    start: float
    end: float
    left: float
    right: float
    cut: bool

    @property
    def scale(self) -> float:
        """Percent of the width for a second."""
        return (self.right - self.left) / (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled time on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """Times between `start` and `end` as positions from 0 to 100, in order and without holes."""

    start: float
    end: float
    pieces: tuple[Piece, ...]

    def x(self, at: float) -> float:
        """The position of a time; one outside the axis lies at its nearer end."""
        for piece in self.pieces:
            if at <= piece.end:
                return piece.left + max(at - piece.start, 0.0) * piece.scale
        return 100.0

    @property
    def cuts(self) -> tuple[Piece, ...]:
        """The stretches that were cut short."""
        return tuple(piece for piece in self.pieces if piece.cut)

    def ticks(self) -> tuple[Tick, ...]:
        """Round times, far enough from each other and from the cuts for their labels to be read."""
        kept: list[Tick] = []
        for tick in (tick for piece in self.pieces if not piece.cut for tick in _ticks(piece)):
            if not kept or tick.x - kept[-1].x >= LABEL_WIDTH * 0.8:
                kept.append(tick)
        return tuple(kept)


def axis(start: float, end: float, busy: Iterable[float]) -> Axis:
    """The axis from `start` to `end`, on which something happened at the times of `busy`."""
    end = max(end, start + 1.0)
    points = sorted({start, end, *(at for at in busy if start < at < end)})
    cuts = _idle(points, end - start)
    edges = sorted({start, end, *(edge for cut in cuts for edge in cut)})
    open_seconds = end - start - sum(later - earlier for earlier, later in cuts)
    scale = (100.0 - CUT_WIDTH * len(cuts)) / open_seconds
    pieces: list[Piece] = []
    left = 0.0
    for earlier, later in pairwise(edges):
        cut = (earlier, later) in cuts
        right = left + (CUT_WIDTH if cut else (later - earlier) * scale)
        pieces.append(Piece(earlier, later, left, right, cut))
        left = right
    return Axis(start, end, tuple(pieces))


def _idle(points: list[float], seconds: float) -> set[tuple[float, float]]:
    """The stretches that would take more than a third of what is drawn, the longest first."""
    cuts: set[tuple[float, float]] = set()
    # What is short beside the whole run belongs to its pace, however empty the rest becomes.
    least = max(SHORTEST_CUT, seconds / 8)
    for earlier, later in sorted(pairwise(points), key=lambda gap: gap[0] - gap[1])[:MOST_CUTS]:
        length = later - earlier
        if length < least or length >= seconds or length < seconds / 3:
            break
        cuts.add((earlier, later))
        seconds -= length
    return cuts


def _ticks(piece: Piece) -> Iterator[Tick]:
    least = LABEL_WIDTH / piece.scale
    step = next((each for each in _STEPS if each >= least), None) or (least // _DAY + 1) * _DAY
    at = (piece.start // step + 1) * step
    margin = min(3.0 / piece.scale, (piece.end - piece.start) / 4)
    while at < piece.end - margin:
        if at > piece.start + margin:
            yield Tick(piece.left + (at - piece.start) * piece.scale, _label(at, step))
        at += step


def _label(at: float, step: float) -> str:
    moment = datetime.fromtimestamp(at, UTC)
    if step >= _DAY:
        return f"{moment:%m-%d}"
    return f"{moment:%H:%M:%S}" if step < 60 else f"{moment:%H:%M}"
