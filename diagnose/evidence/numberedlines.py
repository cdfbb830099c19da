"""Lines that count in a word of the program's own: `pas 64/92`, `[tur 56]`, `sweep 12`. Which word it is does not matter."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from diagnose.evidence.counters import STEP
from diagnose.evidence.logs import LogFile, LogLine, LogMatch

WORD_AND_NUMBER = re.compile(
    r"(?<![\w./-])([^\W\d_]{2,20})[ #:=\[(]{0,3}(\d{1,7})(?![\w.:-]*\d*[.:-]\d)(?!\w)"
)
LEAST = 6
"""A word that counts fewer times may be anything."""
NEAR_END = 12
"""Lines: who still counts there counted to the end."""


@dataclass(frozen=True, slots=True)
class Count:
    """A word that counts upwards, by its first number and its last line."""

    first: int
    last: LogMatch
    reaches_the_end: bool
    """Its last line stands at the end of the log."""


def counting_words(files: Sequence[LogFile]) -> Iterator[Count]:
    """Every word that counts upwards in a log of which the end is here."""
    for file in files:
        if file.covers_end:
            for word, told in _by_word(file).items():
                numbers = [number for number, _ in told]
                if len(told) >= LEAST and _rises(numbers):
                    at_end = told[-1][1].number > file.lines - NEAR_END
                    yield Count(numbers[0], _match(word, *told[-1]), at_end)


def _by_word(file: LogFile) -> Mapping[str, list[tuple[int, LogLine]]]:
    found: dict[str, list[tuple[int, LogLine]]] = {}
    lines = {line.number: line for line in (*file.head, *file.tail)}
    for number in sorted(lines):
        for word, count in dict(WORD_AND_NUMBER.findall(lines[number].text)).items():
            found.setdefault(word.lower(), []).append((int(count), lines[number]))
    return found


def _rises(numbers: Sequence[int]) -> bool:
    """Upwards at every line, in steps of about one size: a figure that is measured does not."""
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    return min(steps) > 0 and sorted(steps)[len(steps) // 2] * 2 >= sorted(steps)[-2]


def _match(word: str, number: int, line: LogLine) -> LogMatch:
    return LogMatch(
        pattern=STEP,
        path=line.path,
        line=line.number,
        text=line.text,
        at=line.at,
        at_is_own=line.at is not None,
        groups={"label": word, "number": str(number)},
        before=(),
        after=(),
    )
