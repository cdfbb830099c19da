"""What a timeline is drawn with: bars, marks, stretched areas and words, each in place and in its role.

Positions across are percent of the width, positions down are pixels, so that a picture fits any screen
while its words keep their size.
"""

from dataclasses import dataclass
from typing import Final

MARKS: Final = {
    "written": "M-4.5 0A4.5 4.5 0 1 0 4.5 0A4.5 4.5 0 1 0-4.5 0Z",
    "empty": "M-4.5 0A4.5 4.5 0 1 0 4.5 0A4.5 4.5 0 1 0-4.5 0Z",
    "truncated": "M-5 5V-5L5 5Z",
    "uncommitted": "M0-5.5L5 4H-5Z",
    "unknown": "M-4-4L4 4M4-4L-4 4",
    "evidence": "M0-6L5 3H-5Z",
    "sign": "M-3.5 0A3.5 3.5 0 1 0 3.5 0A3.5 3.5 0 1 0-3.5 0Z",
    "no-number": "M-3-3L3 3M3-3L-3 3",
    "open-end": "M-7-5L-1 0L-7 5",
    "cut": "M-5 6L-1-6M1 6L5-6",
}
"""Name of a mark -> its outline around the point that it marks."""

HOLLOW: Final = frozenset({"empty", "uncommitted", "unknown", "no-number", "open-end", "cut"})
"""Marks that are drawn as lines."""


BOX: Final = 2000
"""The width of the box in which the path of an area is written."""


def short(name: str, limit: int = 22) -> str:
    """The end of a name, which tells files of one folder apart."""
    return name if len(name) <= limit else "…" + name[1 - limit :]


def percent(x: float) -> str:
    """A position or width across, as it is written in the picture."""
    return f"{x:.2f}".rstrip("0").rstrip(".") + "%"


@dataclass(frozen=True, slots=True)
class Word:
    """A short text that starts, is centred, or ends `dx` pixels beside `x`."""

    x: str
    y: float
    text: str
    anchor: str = "start"
    role: str = "muted"
    dx: int = 0


def beside(x: float, y: float, text: str, pixels: int, role: str = "ink") -> Word:
    """A word to the right of what is drawn at `x`, or to its left where that has more room."""
    left = x > 50
    return Word(percent(x), y, text, "end" if left else "start", role, -pixels if left else pixels)


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that lasted; `label` is cut off where the bar is too short for it."""

    x: str
    width: str
    y: float
    height: int
    tint: str
    edge: str
    title: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A point in time, told by its shape and by its colour."""

    x: str
    y: float
    shape: str
    role: str
    title: str
    href: str | None = None

    @property
    def outline(self) -> str:
        """The path of the shape around its point."""
        return MARKS[self.shape]

    @property
    def closed(self) -> bool:
        """Whether its outline holds an inside, which hides what lies below."""
        return self.outline.endswith("Z")

    @property
    def hollow(self) -> bool:
        """Whether it is drawn as a line."""
        return self.shape in HOLLOW


@dataclass(frozen=True, slots=True)
class Area:
    """A path in a box `BOX` wide and `height` high, which is stretched over the whole width."""

    y: float
    height: int
    path: str
    role: str
    line: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the picture: its name, what is said at its right end, and what is drawn in it."""

    name: str
    note: str
    title: str
    height: int
    bars: tuple[Bar, ...] = ()
    areas: tuple[Area, ...] = ()
    marks: tuple[Mark, ...] = ()
    words: tuple[Word, ...] = ()
    y: int = 0
