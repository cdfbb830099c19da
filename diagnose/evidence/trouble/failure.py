"""One failure as a log tells it."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from diagnose.evidence.logs import LogMatch
from diagnose.evidence.trouble.exceptions import one_line, traceback_end
from diagnose.evidence.trouble.harmless import is_only_warned_of
from diagnose.evidence.trouble.patterns import ERROR_LEVEL, FAILURE_WORDS, TRIED_AGAIN, TroubleKind
from diagnose.evidence.trouble.quoting import is_quoted_level, said

OPTIONAL_DEPENDENCY = ("ImportError", "ModuleNotFoundError")
"""Raised where a library is looked for; carried on from, it is a choice and no failure."""
DISK_FULL = re.compile(
    r"No space left on device|\[Errno 28\]|OSError\(28,|\bENOSPC\b|Disk quota exceeded|\[Errno 122\]"
)
IN_THREAD = re.compile(
    r"Exception in thread (?!\"main\")|Task exception was never retrieved|Exception in callback|Unhandled exception in"
    r"|Future exception was never retrieved|Process [A-Za-z]*Process-\d+|exception calling callback"
)


class Sequel(StrEnum):
    """What the log shows to have followed."""

    CARRIED_ON = "carried-on"
    """The program went on and did not come back to it."""
    RECOVERED = "recovered"
    """It was tried again, and no further failure of it was seen."""
    GAVE_UP = "gave-up"
    """It was tried again until the attempts ran out, and the program went on."""
    EXCUSED = "excused"
    """The program said that it has another way."""
    UNKNOWN = "unknown"
    """The log was cut here, so what followed is not known."""
    LAST_WORD = "last-word"
    """Nothing but the end of the log follows: the program may have died of it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One failure as the log tells it, echoes included. `match.line` to `last_line` is its place in the file."""

    kind: TroubleKind
    match: LogMatch
    last_line: int
    exception: str | None
    """The class of the exception, where one is named."""
    message: str
    """What it says of itself: the exception's text, else the line."""
    sequel: Sequel
    in_thread: bool
    """Raised in a thread, task or worker whose result nobody fetched."""
    attempts: int
    """How often it was seen to fail, retries included."""

    @property
    def at(self) -> datetime | None:
        """The time of the line, or of the last stamped line before it."""
        return self.match.at

    @property
    def text(self) -> str:
        """All its words, for looking up names of outputs in them."""
        own = (line.text for line in self.match.after if line.number <= self.last_line)
        return "\n".join((self.match.text, self.message, *own))

    @property
    def ended_a_program(self) -> bool:
        """Whether it is the uncaught exception of a whole Python program: whatever the log says later, another said it."""
        first = self.match.after[0].text if self.match.after else ""
        bare = self.match.text.startswith("Traceback") and not self.in_thread
        header = self.match.before[-1].text if self.match.before else ""
        # A record about the failure carries its traceback: a handler wrote it, and the program lived on.
        logged = any(re.search(told.regex, header) for told in (ERROR_LEVEL, FAILURE_WORDS, TRIED_AGAIN))
        return self.kind is TroubleKind.TRACEBACK and bare and not logged and first.endswith(", in <module>")

    @property
    def is_of_a_child(self) -> bool:
        """Whether it is the failure of a program that it started, by its exit code."""
        named = (self.exception or "").rpartition(".")[2] == "CalledProcessError"
        return self.kind is TroubleKind.CHILD or named

    @property
    def is_over(self) -> bool:
        """Whether the program got over it: recovered by another attempt, or excused by another way."""
        return self.sequel in (Sequel.RECOVERED, Sequel.EXCUSED)

    @property
    def is_disk_full(self) -> bool:
        """Whether the system's words for a full disk or quota are in it."""
        return any(DISK_FULL.search(said(line)) for line in self.text.splitlines())


def single(kind: TroubleKind, match: LogMatch) -> Trouble:
    """One line, or one traceback, as a trouble of its own, before its neighbours and its sequel are known."""
    exception, message, last_line = traceback_end(match) if kind is TroubleKind.TRACEBACK else one_line(match)
    optional = (exception or "").rpartition(".")[2] in OPTIONAL_DEPENDENCY
    hints_only = (
        optional
        or (kind is TroubleKind.EXCEPTION and is_only_warned_of(match.text))
        or (kind is TroubleKind.LEVEL and is_quoted_level(match.text))
        or (
            kind is TroubleKind.TRACEBACK
            and (
                is_cancelled(exception)
                or _names_nothing(exception, match, last_line)
                or not has_frames(match)
            )
        )
    )
    around = " ".join((*(line.text for line in match.before), match.text))
    return Trouble(
        kind=TroubleKind.WORDS if hints_only else kind,
        match=match,
        last_line=last_line,
        exception=exception,
        message=message,
        sequel=Sequel.CARRIED_ON,
        in_thread=bool(IN_THREAD.search(around)),
        attempts=1,
    )


def has_frames(match: LogMatch) -> bool:
    """Whether a frame stands below the head of a traceback: without one it is talk of a traceback."""
    beside = match.text.partition("(most recent call last)")[2].strip(" :\"'}")
    if beside:
        return beside.startswith("File ") or "\\n" in match.text
    return not match.after or "File " in match.after[0].text


def is_cancelled(exception: str | None) -> bool:
    """Whether it was called off: what called it off is told by itself, if it was a failure."""
    return (exception or "").rpartition(".")[2] == "CancelledError"


def _names_nothing(exception: str | None, match: LogMatch, last_line: int) -> bool:
    """Whether a traceback ends in other words than an exception's: libraries print stacks without any.

    Where its frames are not to be read, or the log ends with them, nothing is known of what it would have named.
    """
    begun = bool(match.after) and match.after[0].text.startswith((" ", "\t"))
    return exception is None and begun and any(line.number > last_line for line in match.after)
