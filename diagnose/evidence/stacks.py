"""The stacks of a process's threads, where the log holds them: what each thread was in when they were written.

Python's `faulthandler` (on a timer, on a signal, at a fatal error) and `py-spy dump` write them in fixed forms.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.logs import LogFile, LogLine, LogMatch, LogPattern, Logs

THREAD = LogPattern(
    "stack of a thread",
    r"^(?:Current thread|Thread) 0x[0-9a-f]{4,16}(?: \[[^\]]{1,40}\])? \(most recent call first\):"
    r"|^Thread (?:0x[0-9A-Fa-f]{1,16}|[0-9]{1,10}) \((?:idle|active|active\+gil)\)",
    before=6,
    after=60,
)
HEAD = re.compile(r"^(?:Current thread|Thread) (?P<id>\w+)")
FRAME = re.compile(r'^  File "(?P<path>[^"]+?)(?:",)? line (?P<line>\d+) in (?P<function>\S+)')
"""A path that was redacted may have taken its closing quote along."""
SAMPLED = re.compile(r"^    (?P<function>\S+) \((?P<path>[^():]+):(?P<line>\d+)\)")
HEADING = re.compile(r"^Timeout \(\d+:\d\d:\d\d|^Process \d+: |^Python v\d|^Fatal Python error")
"""The line before the first stack of a dump."""
LITTLE = 2
"""Lines after a dump that still belong to it, such as the list of extension modules."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One call on a stack."""

    path: str
    line: int
    function: str


@dataclass(frozen=True, slots=True)
class Thread:
    """One thread's stack, the most recent call first."""

    name: str
    frames: tuple[Frame, ...]
    head: LogLine

    @property
    def is_main(self) -> bool:
        """Whether its outermost call is a module's own body: only the main thread's is. `py-spy` names it."""
        outermost = self.frames[-1].function if self.frames else ""
        return outermost in ("<module>", "_run_module_as_main") or '"MainThread"' in self.head.text


@dataclass(frozen=True, slots=True)
class Dump:
    """All stacks that were written at one moment."""

    path: str
    threads: tuple[Thread, ...]
    last_line: int
    said_before: int
    """The number of the last line before it that is no part of a dump; 0 where none is near."""

    @property
    def main(self) -> Thread | None:
        """The main thread, where it is among them."""
        return next((thread for thread in self.threads if thread.is_main), None)

    def is_as(self, other: "Dump") -> bool:
        """Whether every thread stands where it stood."""
        return _standing(self) == _standing(other)


def _standing(dump: Dump) -> set[tuple[str, tuple[Frame, ...]]]:
    return {(thread.name, thread.frames) for thread in dump.threads}


@dataclass(frozen=True, slots=True)
class Stacks:
    """The last dump of a log that ends with it: what was said after a dump shows that the process went on."""

    derived_from: ClassVar[tuple[type, ...]] = (Logs,)
    watches: ClassVar[tuple[LogPattern, ...]] = (THREAD,)

    last: Dump
    same: int
    """How many dumps at the end of the log, without a word between them, show the same stacks."""
    endings: tuple[tuple[Dump, ...], ...]
    """For each log that ends with a dump: the dumps at its end, without a word between them, the earliest first."""

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        logs = bundle.get(Logs)
        if isinstance(logs, Missing):
            return Missing("stacks", logs.reason, logs.remedy)
        endings = tuple(_closing(dumps) for file in logs.user_files if (dumps := _at_the_end(logs, file)))
        if not endings:
            return Missing("stacks", "no log ends with the stacks of its threads", "py-spy dump --pid PID")
        return cls(endings[0][-1], _same(endings[0]), endings)


def _at_the_end(logs: Logs, file: LogFile) -> list[Dump]:
    """The dumps of a log that ends with one."""
    dumps = list(_dumps([m for m in logs.matches(THREAD).kept if m.path == file.path]))
    return dumps if dumps and _ends_with(file, dumps[-1]) else []


def _ends_with(file: LogFile, dump: Dump) -> bool:
    return file.covers_end and file.lines - dump.last_line <= LITTLE


def _closing(dumps: Sequence[Dump]) -> tuple[Dump, ...]:
    """The last dump, and those right before it."""
    first = len(dumps) - 1
    while first and dumps[first].said_before <= dumps[first - 1].last_line:
        first -= 1
    return tuple(dumps[first:])


def _same(closing: Sequence[Dump]) -> int:
    """How many of the last ones are alike."""
    others = (n for n, dump in enumerate(reversed(closing)) if not dump.is_as(closing[-1]))
    return next(others, len(closing))


def _dumps(matches: Sequence[LogMatch]) -> Iterator[Dump]:
    threads: list[Thread] = []
    end, said, follows = 0, 0, False
    for match in matches:
        thread, last, joined = _thread(match)
        known = thread.name in {each.name for each in threads}
        if threads and (match.line - end > LITTLE or known or not follows):
            yield Dump(threads[0].head.path, tuple(threads), end, said)
            threads = []
        said = said if threads else _said_before(match)
        threads.append(thread)
        end, follows = last, joined
    if threads:
        yield Dump(threads[0].head.path, tuple(threads), end, said)


def _said_before(match: LogMatch) -> int:
    """The number of the line before a dump and its heading."""
    words = (
        line.number for line in reversed(match.before) if line.text.strip() and not HEADING.match(line.text)
    )
    return next(words, match.before[0].number - 1 if match.before else 0)


def _thread(match: LogMatch) -> tuple[Thread, int, bool]:
    """A stack, its last line, and whether another of the same dump may follow it."""
    frames: list[Frame] = []
    last, joined = match.line, True
    for line in match.after:
        found = FRAME.match(line.text) or SAMPLED.match(line.text)
        if found is None:
            joined = not HEADING.match(line.text)
            break
        frames.append(Frame(found["path"], int(found["line"]), found["function"]))
        last = line.number
    named = HEAD.match(match.text)
    name = named["id"] if named else match.text[:40]
    head = LogLine(match.path, match.line, match.text, match.at)
    return Thread(name, tuple(frames), head), last, joined
