"""What is read out of logs, as values: a pattern that is watched for, a line, a match, a file's outline."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from diagnose.evidence.pace import Gaps

# Python's `re` and hyperscan read these differently, or only one of them reads them at all.
_OUTSIDE_THE_COMMON_SUBSET = r"\\[AZ1-9]|\(\?(?:[=!>(aiLmsux-]|<[=!]|P=)|\{,|[*+?}]\+|\[\[:|[\r\n\0]"
_TOKENS = re.compile(rf"(?P<odd>{_OUTSIDE_THE_COMMON_SUBSET})|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)


class LogKind(StrEnum):
    """Who wrote a log."""

    USER = "user"
    """The user's process: `user_logs/`, the v1 driver log, and any log that is not the runtime's."""

    RUNTIME = "runtime"
    """The service and its agents on the node."""


@dataclass(frozen=True, slots=True)
class LogPattern:
    """A line that a rule or a fact watches for.

    `regex` has the meaning of `re.search` on the bytes of one line (colours and NULs removed), with ASCII
    classes; it is case-sensitive unless it begins with `(?i)`. Allowed is what `re` and hyperscan share:
    no look-around, back-reference, atomic group or possessive repeat, and no pattern that matches nothing.
    Raises ValueError for a pattern beyond that.
    """

    name: str
    regex: str
    kinds: frozenset[LogKind] = frozenset({LogKind.USER})
    before: int = 0
    """Lines of context kept in front of a match; at most 60."""
    after: int = 0
    """Lines of context kept behind a match; at most 200."""

    def __post_init__(self) -> None:
        tokens = _TOKENS.finditer(self.regex.removeprefix("(?i)"))
        odd = next((token for token in tokens if token["odd"]), None)
        if odd:
            raise ValueError(
                f"log pattern {self.name!r}: {odd[0]!r} is not in the subset that both engines read"
            )
        if not (0 <= self.before <= 60 and 0 <= self.after <= 200):
            raise ValueError(f"log pattern {self.name!r}: more context than is kept")


@dataclass(frozen=True, slots=True)
class LogLine:
    r"""One line, or one `\r`-ended segment of it, of at most 500 characters, with `…` for the middle."""

    path: str
    number: int
    """As `grep -n` counts."""
    text: str
    at: datetime | None
    """The time that the line itself begins with, in UTC."""


@dataclass(frozen=True, slots=True)
class LogMatch:
    """A line in which a pattern was found."""

    pattern: LogPattern
    path: str
    line: int
    text: str
    """The line, or a window of at most 2,000 characters of it that holds the match; `…` marks a cut."""
    at: datetime | None
    """In UTC: the line's own time, else that of the nearest line before it in the file that has one."""
    at_is_own: bool
    groups: Mapping[str, str]
    """The named groups that took part in the match, of at most 2,000 characters each."""
    before: tuple[LogLine, ...]
    after: tuple[LogLine, ...]


@dataclass(frozen=True, slots=True)
class LogMatches:
    """All matches of one pattern: how many, and the first and last 50, in the order of files and lines."""

    count: int
    """Lines (or segments) that match; exact unless `at_least`."""
    kept: tuple[LogMatch, ...]
    at_least: bool = False
    """There may be more than `count`: beyond 10,000 they are no longer counted."""

    def __bool__(self) -> bool:
        return self.count > 0

    def __iter__(self) -> Iterator[LogMatch]:
        return iter(self.kept)


@dataclass(frozen=True, slots=True)
class Density:
    """How many dated lines fell into each stretch of `bin_s` seconds from `start` on; at most 240 stretches.

    In the middle of a log of more than 32 MiB one line per 64 KiB is dated, and stands for those around it.
    """

    start: datetime | None = None
    bin_s: float = 1.0
    counts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LogFile:
    """The outline of one log file."""

    path: str
    kind: LogKind
    size: int | None
    """Bytes of the log in the run, which may be more than was captured; None when nobody says."""
    modified_at: datetime | None
    captured: str
    """`whole`, `head`, `tail`, `ends` (both, the middle is missing) or `none`."""
    omitted_bytes: int | None = None
    lines: int = 0
    first_at: datetime | None = None
    """The earliest time in the log."""
    last_at: datetime | None = None
    """The latest time in the log: the last that is known to have been written with a date."""
    head: tuple[LogLine, ...] = ()
    """The first 20 lines that are not blank."""
    tail: tuple[LogLine, ...] = ()
    """The last 60 lines that are not blank."""
    ends_with_newline: bool = True
    """False when the last line is unfinished."""
    stamped_lines: int = 0
    """Lines whose time was read."""
    density: Density = Density()
    gaps: Gaps = field(default_factory=Gaps)
    """Between successive distinct times. In the middle of a log of more than 32 MiB only `longest_s` is
    measured, between dated lines 64 KiB apart, so it may come out longer than it was but never shorter."""

    @property
    def gap(self) -> Gaps:
        """The same as `gaps`."""
        return self.gaps

    @property
    def is_whole(self) -> bool:
        """Whether a line that is not in this file was not in the log."""
        return self.captured == "whole"

    @property
    def covers_end(self) -> bool:
        """Whether the end of the log, as it was at capture, is here."""
        return self.captured in ("whole", "tail", "ends")
