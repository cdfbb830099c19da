"""A log that ends in one thing said again and again: the same line, or two or three by turns, with the same figures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from diagnose.evidence.logs import LogLine

CLOCK = re.compile(
    r"\d{4}-\d\d-\d\d|\d{1,4}/\d\d/\d{1,4}|\d{1,3}:\d\d(?::\d\d)?(?:[.,]\d+)?|\b\d{9,13}(?:\.\d+)?\b"
    r"|\b\d+(?:\.\d+)? ?(?:ms|s|secs?|seconds?|mins?|minutes?|hours?|h|sek|std|sec)\b"
)
"""A time of day, a date, or how long it has taken: what differs although nothing has changed."""
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

    def says(self, line: LogLine) -> bool:
        """Whether a line says what the repeats say."""
        return _timeless(line.text) in {_timeless(each.text) for each in self.said}

    def holds(self, line: LogLine) -> bool:
        """Whether a line is one of the repeats."""
        return line.path == self.first.path and line.number >= self.first.number


def fold_of(lines: Sequence[LogLine]) -> Fold | None:
    """The repeats that the lines end with, by the shortest period that explains them; a turn may be cut at the end."""
    words = [_timeless(line.text) for line in lines]
    for period in range(1, LONGEST_PERIOD + 1):
        length = _length(words, period)
        if length >= max(SAME_LINES, SAME_ROUNDS * period):
            begin = len(lines) - length
            return Fold(tuple(lines[-period:]), lines[begin - 1] if begin else None, lines[begin])
    return None


def _timeless(text: str) -> str:
    return " ".join(CLOCK.sub("", text).split())


def _length(words: Sequence[str], period: int) -> int:
    """How many of the last words repeat with a period."""
    index = len(words) - 1
    while index >= period and words[index] == words[index - period]:
        index -= 1
    same = len(words) - 1 - index
    return same + period if same and len(words) > period else 0
