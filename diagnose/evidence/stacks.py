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
        """Whether its outermost call is a module's own body: only the main thread's is."""
        return bool(self.frames) and self.frames[-1].function == "<module>"


@dataclass(frozen=True, slots=True)
class Dump:
    """All stacks that were written at one moment."""

    path: str
    threads: tuple[Thread, ...]
    last_line: int

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

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        logs = bundle.get(Logs)
        if isinstance(logs, Missing):
            return Missing("stacks", logs.reason, logs.remedy)
        for file in logs.user_files:
            dumps = list(_dumps([m for m in logs.matches(THREAD).kept if m.path == file.path]))
            if dumps and _ends_with(file, dumps[-1]):
                return cls(dumps[-1], _same(dumps))
        return Missing("stacks", "no log ends with the stacks of its threads", "py-spy dump --pid PID")


def _ends_with(file: LogFile, dump: Dump) -> bool:
    return file.covers_end and file.lines - dump.last_line <= LITTLE


def _same(dumps: Sequence[Dump]) -> int:
    count, last = 1, dumps[-1]
    for earlier, later in zip(reversed(dumps[:-1]), reversed(dumps), strict=False):
        first = later.threads[0].head.number
        if not earlier.is_as(last) or first - earlier.last_line > LITTLE + 1:
            break
        count += 1
    return count


def _dumps(matches: Sequence[LogMatch]) -> Iterator[Dump]:
    threads: list[Thread] = []
    end, follows = 0, False
    for match in matches:
        thread, last, joined = _thread(match)
        known = thread.name in {each.name for each in threads}
        if threads and (match.line - end > LITTLE or known or not follows):
            yield Dump(threads[0].head.path, tuple(threads), end)
            threads = []
        threads.append(thread)
        end, follows = last, joined
    if threads:
        yield Dump(threads[0].head.path, tuple(threads), end)


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
