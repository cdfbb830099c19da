"""Records that a program refuses one by one, counts, and puts into an output of their own: its work, and no failure of it."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.logs import LogLine, LogMatch, LogPattern, Logs
from diagnose.evidence.outputs import Output, Outputs
from diagnose.evidence.textrows import text_rows
from diagnose.evidence.trouble.patterns import ERROR_LEVEL, TroubleKind
from diagnose.evidence.troubles import Trouble, Troubles

FEWEST = 10
"""Fewer may be failures of the work, of which somebody keeps a list."""
MOST = 0.1
"""Of what was accepted."""
LAST_LINES = 12
MOST_KEPT = 100
"""Of the lines of one pattern, at most so many are kept."""
NEAR = 0.03
"""How far the lines of a file of which the middle was not read may be from what is stated."""
_FIGURE = re.compile(r"(?<![\w.,:/-])\d{1,12}(?![\w:/%]|[.,-]\d)")
_WORD = re.compile(r"[^\W\d_]+")
_KEYS = frozenset({"msg", "message", "event", "text"})
FIRST_WORDS = 2
"""Behind the level: what is said of all alike, before the reason that each has."""
ROUTINE = 3


@dataclass(frozen=True, slots=True)
class PutAside:
    """How many were put aside, by the log's last count and by the output that holds them."""

    derived_from: ClassVar[tuple[type, ...]] = (Logs, Outputs, Troubles)
    watches: ClassVar[tuple[LogPattern, ...]] = (ERROR_LEVEL,)

    blob: Output | None
    """`None` where the outputs were not all seen: then it may be so, and nothing is known of it."""
    count: int
    line: LogLine
    """It states how many were put aside, and how many were accepted."""
    odd: frozenset[int]
    """Lines at error level that say something else, once or twice."""

    def holds(self, trouble: Trouble) -> bool:
        """Whether a failure is only the record of what was put aside, or another that comes as often."""
        return (
            trouble.kind is TroubleKind.LEVEL
            and trouble.match.path == self.line.path
            and trouble.last_line < self.line.number
            and not trouble.in_thread
            and not any(trouble.match.line <= number <= trouble.last_line for number in self.odd)
        )

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        logs, outputs, troubles = bundle.get(Logs), bundle.get(Outputs), bundle.get(Troubles)
        for fact in (logs, troubles):
            if isinstance(fact, Missing):
                return Missing("what was put aside", fact.reason, fact.remedy)
        assert not isinstance(logs, Missing) and not isinstance(troubles, Missing)  # noqa: S101, PT018  (told to mypy)
        blobs = () if isinstance(outputs, Missing) else outputs.results
        unseen = isinstance(outputs, Missing) or not outputs.is_complete
        rows = {blob: count for blob in blobs if (count := text_rows(blob))}
        for file in logs.user_files:
            records = [match for match in logs.matches(ERROR_LEVEL).kept if match.path == file.path]
            said = Counter(map(_begin, records))
            if not records or said.most_common(1)[0][1] < 0.8 * len(records):
                continue
            odd = frozenset(match.line for match in records if said[_begin(match)] < ROUTINE)
            for line in reversed(file.tail[-LAST_LINES:]):
                found = _stated(line, rows, len(records) if file.is_whole else None, unseen=unseen)
                if found:
                    return cls(*found, line, odd)
        return Missing("what was put aside", "the log counts nothing that an output of its own holds")


def _begin(record: LogMatch) -> tuple[str, ...]:
    """The first words behind the level."""
    level = re.search(ERROR_LEVEL.regex, record.text)
    words = _WORD.findall(record.text[level.end() :] if level else record.text)
    return tuple(word for word in words if word not in _KEYS)[:FIRST_WORDS]


def _stated(
    line: LogLine, rows: dict[Output, int], records: int | None, *, unseen: bool
) -> tuple[Output | None, int] | None:
    """A line with two counts, of which an output of its own holds the small one exactly, and others the large one."""
    figures = sorted({int(digits) for digits in _FIGURE.findall(line.text)})
    for small in figures:
        accepted = [number for number in figures if small <= MOST * number]
        # Of a log that was cut it is not known how many there were.
        if small < FEWEST or not accepted or (records is not None and records < 0.8 * min(small, MOST_KEPT)):
            continue
        held = next((blob for blob, count in rows.items() if small in (count, count - 1)), None)
        others = [count for blob, count in rows.items() if blob is not held]
        near = any(abs(n - have) <= 1 + NEAR * n for n in accepted for have in (*others, sum(others)))
        if held and near:
            return held, small
        if unseen:
            return None, small
    return None
