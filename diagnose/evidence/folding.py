"""A log that ends in one thing said again and again: the same line, or two or three by turns, with the same figures.

A figure that only tells how long it has been, or how long the next pause will be, is no other figure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from diagnose.evidence.logs import LogLine
from diagnose.evidence.timetelling import Role, role_of

_DATE = r"(?:\d{4}(?:[-/.] ?|年 ?)\d{1,2}(?:[-/.] ?|月 ?)\d{1,2}日?|\d{1,2}[-/.] ?\d{1,2}[-/.] ?\d{4}|\d{1,2}/\d\d/\d\d)"
CLOCK = re.compile(
    # A date elsewhere in the line may be that of the data at which it works.
    rf"{_DATE}(?=[T ,_:]{{1,3}}\d{{1,2}}:\d\d)|^\W{{0,2}}(?:{_DATE}(?=\s)|\d\d[.-]\d\d\.?(?= \d\d:\d\d))"
    r"|\d{1,3}:\d\d(?::\d\d)?(?:[.,]\d+)?"
    r"|\b\d{9,13}(?:\.\d+)?\b|\bat 0x[0-9a-f]{6,16}\b"
    r"|\b\d+(?:\.\d+)? ?(?:ms|s|secs?|seconds?|mins?|minutes?|hours?|h|sek|std|sec)\b"
)
"""A time of day, a date, how long it took, or where an object lies: what differs although nothing has changed."""
FIGURE = re.compile(r"\d+(?:\.\d+)?")
LONGEST_PERIOD = 3
SAME_LINES = 10
"""A line, or a round of lines, that is said again fewer times may be chance."""
SAME_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Fold:
    """The repeats at the end of a log."""

    said: tuple[LogLine, ...]
    """One round of them, the last."""
    before: LogLine | None
    """The last line before the first round; `None` where nothing else was kept."""
    first: LogLine
    """The first line of the first round that was kept."""
    tells_time: bool = False
    """Its figures change, and only with the clock."""

    def says(self, line: LogLine) -> bool:
        """Whether a line says what the repeats say."""
        words = shape if self.tells_time else _timeless
        return words(line.text) in {words(each.text) for each in self.said}

    def holds(self, line: LogLine) -> bool:
        """Whether a line is one of the repeats."""
        return line.path == self.first.path and line.number >= self.first.number


def fold_of(lines: Sequence[LogLine]) -> Fold | None:
    """The repeats that the lines end with, by the shortest period that explains them; a turn may be cut at the end."""
    words = [_timeless(line.text) for line in lines]
    for period in range(1, LONGEST_PERIOD + 1):
        length = _length(words, period)
        if length >= _least(period):
            return _fold(lines, period, length)
    return rounds_of(lines, frozenset({Role.SAME, Role.TIME}))


def rounds_of(
    lines: Sequence[LogLine], allowed: frozenset[Role], longest: int = LONGEST_PERIOD
) -> Fold | None:
    """The same of lines whose figures may change, where each does nothing but what is allowed."""
    shapes = [shape(line.text) for line in lines]
    for period in range(1, longest + 1):
        least = _least(period)
        if _length(shapes, period) < least:
            continue
        roles = [_roles(lines[-least:][turn::-period][::-1]) for turn in range(-1, -1 - period, -1)]
        if not all(role in allowed for each in roles for role in each):
            continue
        kept = [_kept(line.text, roles[n % period]) for n, line in enumerate(reversed(lines))][::-1]
        return _fold(lines, period, _length(kept, period), tells_time=True)
    return None


def shape(text: str) -> str:
    """The words of a line without its figures."""
    return FIGURE.sub("#", _timeless(text))


def _least(period: int) -> int:
    return max(SAME_LINES, SAME_ROUNDS * period)


def _fold(lines: Sequence[LogLine], period: int, length: int, *, tells_time: bool = False) -> Fold:
    begin = len(lines) - length
    return Fold(tuple(lines[-period:]), lines[begin - 1] if begin else None, lines[begin], tells_time)


def _roles(told: Sequence[LogLine]) -> list[Role]:
    """What each figure does from one of these lines to the next."""
    columns = zip(*(_figures(line.text) for line in told), strict=True)
    return [role_of(column, [line.at for line in told]) for column in columns]


def _kept(text: str, roles: Sequence[Role]) -> str:
    """The line's words with those figures that must not change."""
    figures = _figures(text)
    same = [f for f, role in zip(figures, roles, strict=False) if role is Role.SAME]
    return f"{shape(text)} {same if len(figures) == len(roles) else figures}"


def _figures(text: str) -> list[float]:
    return [float(figure) for figure in FIGURE.findall(_timeless(text))]


def _timeless(text: str) -> str:
    return " ".join(CLOCK.sub("", text).split())


def _length(words: Sequence[str], period: int) -> int:
    """How many of the last words repeat with a period."""
    index = len(words) - 1
    while index >= period and words[index] == words[index - period]:
        index -= 1
    same = len(words) - 1 - index
    return same + period if same and len(words) > period else 0
