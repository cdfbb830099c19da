"""The run's logs, read as streams and once: a log may be larger than memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from diagnose.evidence.bundle import Bundle, Missing, Part
from diagnose.evidence.logscan.logcontext import kind_of
from diagnose.evidence.logscan.loglines import (
    Density,
    LogFile,
    LogKind,
    LogLine,
    LogMatch,
    LogMatches,
    LogPattern,
)
from diagnose.evidence.logscan.logreading import LogReading
from diagnose.evidence.logscan.scanner import Sizes
from diagnose.evidence.pace import Gaps as GapStats

__all__ = [
    "Density",
    "GapStats",
    "LogFile",
    "LogKind",
    "LogLine",
    "LogMatch",
    "LogMatches",
    "LogPattern",
    "Logs",
    "kind_of",
]

LAST_LINES = 10
"""A last message, and what is said of it."""


@dataclass(frozen=True)
class Logs:
    """What is in the run's logs: an outline of each, and the lines that the watched patterns match.

    From `logs.jsonl` and `logs/`. Files come in the order of the list, then those that it does not name.
    """

    files: tuple[LogFile, ...]
    part: Part
    """What the bundle promises of the list of logs; of each log's content its `captured` speaks."""
    notes: tuple[str, ...] = ()
    """What was odd, in sentences: a log that is listed and not there, or that could not be read."""
    found: Mapping[LogPattern, LogMatches] = field(default_factory=dict)
    """Every watched pattern, with what it matched; ask with `matches`."""

    def matches(self, pattern: LogPattern) -> LogMatches:
        """The lines that match.

        Raises KeyError for a pattern that nobody watched for: whoever asks declares it.
        """
        if pattern not in self.found:
            raise KeyError(
                f"the pattern {pattern.name!r} is not watched for; declare it where its rule watches"
            )
        return self.found[pattern]

    @property
    def user_files(self) -> tuple[LogFile, ...]:
        """The logs of the user's process."""
        return tuple(file for file in self.files if file.kind is LogKind.USER)

    def file(self, path: str) -> LogFile | None:
        """The log at that path of the run."""
        return next((file for file in self.files if file.path == path), None)

    def ends(self, path: str, line: int) -> bool:
        """Whether a line is among the last of its log."""
        file = self.file(path)
        return file is not None and file.covers_end and file.lines - line < LAST_LINES

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:  # as the protocol says
        return cls.read_with(bundle)

    @classmethod
    def read_with(cls, bundle: Bundle, engine: str | None = None, sizes: Sizes = Sizes()) -> Self | Missing:  # noqa: B008  # frozen
        """As `read`, with a given engine (`hyperscan`, `re`) and sizes; the result is the same."""
        reading = LogReading(bundle, engine, sizes)
        files = reading.read_all()
        part = bundle.part("logs")
        if not files and not part.is_complete:
            return Missing("logs", part.reason or f"they are {part.state.replace('-', ' ')}", _REMEDY)
        return cls(files, part, tuple(reading.notes), reading.matches())


_REMEDY = "az ml job download --all --name <run> brings them, and the folder can be diagnosed."
