"""Lines that tell of one numbered thing each, as tasks that are done: the numbers between them of which no line tells."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.logs import LogFile, LogLine, Logs
from diagnose.evidence.numberedlines import WORD_AND_NUMBER

FEWEST = 8
"""Fewer lines of a kind tell of no row."""
MOST_ABSENT = 0.2
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class Row:
    """Things of one word, each told once by a line of the same form, from 0 or 1 on; some in their midst are not."""

    word: str
    absent: tuple[int, ...]
    count: int
    before: LogLine
    """The line of the number right below the first absent one."""


@dataclass(frozen=True, slots=True)
class Turns:
    """The rows of a log that have a gap of which the log says nothing."""

    derived_from: ClassVar[tuple[type, ...]] = (Logs,)

    rows: tuple[Row, ...]

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        logs = bundle.get(Logs)
        if isinstance(logs, Missing):
            return Missing("numbered lines", logs.reason, logs.remedy)
        return cls(tuple(row for file in logs.user_files for row in _rows(file)))


def _rows(file: LogFile) -> Iterator[Row]:
    lines = {line.number: line for line in (*file.head, *file.tail)}
    if not file.is_whole or len(lines) < file.lines:
        return  # what was not kept may tell of it
    told: defaultdict[tuple[str, str], list[tuple[int, LogLine]]] = defaultdict(list)
    spoken_of: defaultdict[str, set[int]] = defaultdict(set)
    for line in lines.values():
        pairs = [(word.lower(), int(number)) for word, number in WORD_AND_NUMBER.findall(line.text)]
        for word, number in pairs:
            spoken_of[word].add(number)
        for word, number in dict(pairs).items():
            told[word, _FIGURE.sub("#", line.text)].append((number, line))
    for (word, _), members in told.items():
        by_number = dict(members)
        absent = _absent(sorted(number for number, _ in members))
        # A count of all of them is no word on one of them.
        silent = [number for number in absent if number not in spoken_of[word]]
        if absent and len(silent) == len(absent):
            first = by_number.get(absent[0] - 1) or members[0][1]
            yield Row(word, tuple(absent), len(members), first)


def _absent(numbers: list[int]) -> list[int]:
    """The numbers between the others; none where they repeat, begin elsewhere, or leave out too many."""
    if len(numbers) < FEWEST or numbers[0] not in (0, 1) or len(set(numbers)) < len(numbers):
        return []
    absent = sorted(set(range(numbers[0], numbers[-1])) - set(numbers))
    return absent if len(absent) <= MOST_ABSENT * len(numbers) else []
