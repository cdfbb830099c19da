"""What went wrong by the log's own word, and what became of it: tried again, excused, or simply carried on from.

The expressions, and how a line is weighed, are in `trouble/`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.logs import LogLine, LogMatch, LogPattern, Logs
from diagnose.evidence.trouble.episodes import episodes, judged
from diagnose.evidence.trouble.exceptions import traceback_end
from diagnose.evidence.trouble.failure import Sequel, Trouble, single
from diagnose.evidence.trouble.finish import first_of_the_end, is_echo, is_last_word, was_written_last
from diagnose.evidence.trouble.harmless import is_harmless
from diagnose.evidence.trouble.patterns import TELLING, TRACEBACK, TRIED_AGAIN, TroubleKind
from diagnose.evidence.trouble.quoting import said

__all__ = ["Sequel", "Trouble", "TroubleKind", "Troubles"]

NEAR_THE_END = 40
"""Lines: a traceback with its chain, and the teardown after it."""


@dataclass(frozen=True, slots=True)
class Troubles:
    """The failures that the user's logs tell, in the order of their paths and lines."""

    derived_from: ClassVar[tuple[type, ...]] = (Logs,)
    watches: ClassVar[tuple[LogPattern, ...]] = (*TELLING.values(), TRIED_AGAIN)

    all: tuple[Trouble, ...]
    logs: Logs

    @property
    def swallowed(self) -> tuple[Trouble, ...]:
        """Those that the program carried on from without another way, or gave up on."""
        return tuple(t for t in self.all if t.sequel in (Sequel.CARRIED_ON, Sequel.GAVE_UP))

    @property
    def firm(self) -> tuple[Trouble, ...]:
        """The swallowed ones that structure tells, and not prose alone."""
        return tuple(t for t in self.swallowed if t.kind is not TroubleKind.WORDS)

    @property
    def is_whole(self) -> bool:
        """Whether every user log was read whole: only then no trouble in the log is no trouble."""
        return (
            self.logs.part.is_complete
            and bool(self.logs.user_files)
            and all(f.is_whole for f in self.logs.user_files)
        )

    @property
    def firm_or_last(self) -> tuple[Trouble, ...]:
        """Those that structure tells and that were neither recovered from nor excused."""
        return tuple(t for t in self.all if t.kind is not TroubleKind.WORDS and not t.is_over)

    def cause_of_end(self, path: str) -> Trouble | None:
        """The firm failure that a log ends with; where several are one ending, the first of them."""
        own = [t for t in self.firm_or_last if t.match.path == path]
        return first_of_the_end(own, _known_lines(self.logs, path))

    def ended_by(self, path: str, line: int) -> bool:
        """Whether a line is part of the failure that a log ends with: the last firm one, or its last lines.

        What was said before another failure, or far before the end, was got over. Failures of several ranks within
        seconds are one, and the first of them counts; a launcher's echo of it hides nothing.
        """
        own = [t for t in self.firm_or_last if t.match.path == path]
        cause = self.cause_of_end(path)
        if cause is None:
            return self.ends(path, line)
        others = [t.match.line for t in own if t.match.line > cause.last_line and not is_echo(t)]
        until = min([cause.last_line + 20, *(number - 1 for number in others)])
        return cause.match.line - 2 <= line <= until and self.ends(path, own[-1].last_line)

    def stands_last(self, path: str, line: int) -> bool:
        """Whether nothing of the work follows a line, in its log or in a later one.

        For runs of which nobody says how they ended: there the log's own last words are all that tells.
        """
        file = self.logs.file(path)
        if file is None:
            return False
        own = [t for t in self.all if t.match.path == path]
        return is_last_word(file, line, own) and was_written_last(file, self.logs.user_files)

    def ends(self, path: str, line: int) -> bool:
        """Whether a line stands at the end of its log: hardly anything was said after it.

        What lies far before the end was got over, however bad it looked.
        """
        file = self.logs.file(path)
        return file is not None and file.covers_end and file.lines - line <= NEAR_THE_END

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        logs = bundle.get(Logs)
        if isinstance(logs, Missing):
            return Missing("errors in the log", logs.reason, logs.remedy)
        files = sorted(logs.user_files, key=lambda file: file.path)
        found = [trouble for file in files for trouble in _of_file(logs, file.path)]
        return cls(tuple(found), logs)


def _of_file(logs: Logs, path: str) -> Iterator[Trouble]:
    singles = [single(kind, match) for kind, match in _hits(logs, path)]
    retries = sorted(m.line for m in logs.matches(TRIED_AGAIN).kept if m.path == path)
    lines = _known_lines(logs, path)
    file = logs.file(path)
    for group in episodes(singles, retries):
        yield judged(group, retries, lines, covered=file is not None and file.covers_end)


def _hits(logs: Logs, path: str) -> Iterator[tuple[TroubleKind, LogMatch]]:
    """Every line that tells trouble, once, by its firmest telling; noise and mere warnings left out."""
    firmest: dict[int, tuple[TroubleKind, LogMatch]] = {}
    for kind, pattern in TELLING.items():
        for match in logs.matches(pattern).kept:
            if match.path == path and not is_harmless(kind, match):
                firmest.setdefault(match.line, (kind, match))
    below = _below_harmless(logs, path)
    for line in sorted(firmest.keys() - below):
        yield firmest[line]


def _below_harmless(logs: Logs, path: str) -> set[int]:
    """The lines of tracebacks that are no trouble, which end in the name of an exception like all others."""
    tracebacks = (m for m in logs.matches(TRACEBACK).kept if m.path == path and "Traceback (" in said(m.text))
    ends = ((m.line, traceback_end(m)[2]) for m in tracebacks if is_harmless(TroubleKind.TRACEBACK, m))
    return {number for first, last in ends for number in range(first + 1, last + 1)}


def _known_lines(logs: Logs, path: str) -> list[LogLine]:
    """The lines of a file that were kept, in order: its head, its tail, and what stands around every match."""
    file = logs.file(path)
    kept = {line.number: line for line in (*(file.head if file else ()), *(file.tail if file else ()))}
    for pattern in Troubles.watches:
        for match in logs.matches(pattern).kept:
            if match.path == path:
                kept |= {line.number: line for line in match.after}
    return [kept[number] for number in sorted(kept)]
