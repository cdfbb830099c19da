"""How far the work got, by counters and by the program's own last statement, whatever language it speaks."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.code import Code
from diagnose.evidence.counters import STEP, Counter, counters_in, stopped_short, telling
from diagnose.evidence.folding import Fold, fold_of
from diagnose.evidence.lastwords import says_end
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogFile, LogLine, LogMatch, LogPattern, Logs
from diagnose.evidence.noise import spoken
from diagnose.evidence.run import RunRecord
from diagnose.evidence.statedsteps import STATED
from diagnose.evidence.trouble.patterns import TroubleKind
from diagnose.evidence.troubles import Sequel, Trouble, Troubles

MANY_STEPS = 3
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the work stood when the log was last written."""

    derived_from: ClassVar[tuple[type, ...]] = (RunRecord, Logs, Lifecycle, Code, Troubles)
    watches: ClassVar[tuple[LogPattern, ...]] = (STATED, STEP)

    counter: Counter | None
    """The last counter in the user's logs; a count that has no total is none."""
    last_statement: LogLine | None
    """The last line printed by the last printing statement of the program's main flow, by its source."""
    continues: LogLine | None
    """The last line, where the source shows that the main flow goes on to something else after printing it."""
    finished: LogLine | None
    """The last line of the log, where it holds a word of an end in one of many languages. A hint and no more."""
    counts_steps: bool
    """The log counts epochs, steps or the like, or states their number, so metrics are to be expected."""
    script_ended: LogMatch | None
    """v1: the driver says that the script returned."""
    last_line: LogLine | None
    """The last line that says anything of the script's own."""
    stopped_short: Counter | None
    """The last of a counter of things that rose steadily and stopped far from its total, while the log went on."""
    fold: Fold | None
    """What the log says again and again at its end, with the same figures: a voice that tells of no progress."""
    broken_off: Trouble | None
    """The firm failure that the log ends with, behind the last counter: the program may have ended by it."""

    @property
    def repeated(self) -> LogLine | None:
        """The last line, where the log says nothing else any more."""
        return self.fold.said[-1] if self.fold else None

    @property
    def is_over(self) -> bool:
        """Whether the main work had come to its end: the driver or the source says so."""
        return self.script_ended is not None or self.last_statement is not None

    @property
    def is_said_to_be_over(self) -> bool:
        """Whether the last words are of an end, and neither a counter nor the source contradicts them.

        A full counter by itself is none: what it counts may be one stage of several, or be counted when it begins.
        """
        if self.finished is None or self.continues is not None:
            return False
        return self.counter is None or self.counter.is_complete

    @property
    def is_under_way(self) -> bool:
        """Whether the last counter says that there was work left, and neither a failure nor repeats came after it."""
        if self.counter is None or self.counter.is_complete or self.is_over or self.broken_off:
            return False
        return self.fold is None or not self.fold.holds(self.counter.line)

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        logs, lifecycle = bundle.get(Logs), bundle.get(Lifecycle)
        if isinstance(logs, Missing):
            return Missing("progress", logs.reason, logs.remedy)
        files = _latest_first(logs)
        counted = (list(counters_in(file)) for file in files if file.covers_end)
        counts = next((found for found in counted if found), [])
        code, last = bundle.get(Code), _last_line(logs)
        run = bundle.get(RunRecord)
        command = None if isinstance(run, Missing) else run.command
        ended = None if isinstance(code, Missing) else _last_statement(files, code, command)
        counter = telling(counts)
        told = bundle.get(Troubles)
        troubles = None if isinstance(told, Missing) else told
        return cls(
            counter=counter,
            last_statement=ended,
            continues=None if isinstance(code, Missing) or last is None or ended else _continues(code, last),
            finished=last if last and says_end(last.text) and not _is_trouble(troubles, last) else None,
            stopped_short=stopped_short(counts, last),
            counts_steps=bool(counts) or logs.matches(STEP).count + logs.matches(STATED).count >= MANY_STEPS,
            script_ended=None if isinstance(lifecycle, Missing) else lifecycle.script_ended,
            last_line=last,
            fold=_fold(logs, last),
            broken_off=_broken_off(troubles, counter, last),
        )


TEARDOWN = re.compile(
    r"Cleaning up all outstanding Run operations|items cleaning up\.\.\.|Cleanup took|Finished context manager injector"
)
"""Lines of the v1 client at exit: nothing that the script itself says."""


def _spoken(file: LogFile) -> list[LogLine]:
    """The lines at the end of a log that the script itself said."""
    return [line for line in spoken(file.tail) if not TEARDOWN.search(line.text)]


def _last_line(logs: Logs) -> LogLine | None:
    ends = (spoken[-1] for file in _latest_first(logs) if file.covers_end and (spoken := _spoken(file)))
    return next(ends, None)


def _continues(code: Code, last: LogLine) -> LogLine | None:
    return last if code.statement_of(last.text) else None


def _fold(logs: Logs, last: LogLine | None) -> Fold | None:
    file = logs.file(last.path) if last else None
    return fold_of(_spoken(file)) if file else None


def _is_trouble(troubles: Troubles | None, line: LogLine) -> bool:
    """Whether a line is part of a failure that structure tells."""
    firm = troubles.firm_or_last if troubles else ()
    return any(t.match.path == line.path and t.match.line <= line.number <= t.last_line for t in firm)


def _broken_off(troubles: Troubles | None, counter: Counter | None, last: LogLine | None) -> Trouble | None:
    """The failure that stands at the end of the log, behind any counter, and that may have ended the program."""
    if troubles is None or last is None:
        return None
    begin = counter.line.number if counter and counter.line.path == last.path else 0
    own = [t for t in troubles.firm_or_last if t.match.path == last.path and t.match.line > begin]
    ends = [t for t in own if troubles.ends(t.match.path, t.last_line) and not t.in_thread]
    return next((t for t in reversed(ends) if _is_fatal(t)), None)


def _is_fatal(trouble: Trouble) -> bool:
    return trouble.sequel is Sequel.LAST_WORD or trouble.kind is TroubleKind.CRASH or trouble.ended_a_program


def _latest_first(logs: Logs) -> list[LogFile]:
    """The user's logs, the one that was written to last first, in whatever order they are listed."""
    return sorted(logs.user_files, key=lambda f: (f.last_at or f.modified_at or _EVER, f.path), reverse=True)


SCRIPT = re.compile(r"[\w./-]+\.(?:py|sh|bash|r|R|jl|pl)\b")


def _may_be_last(path: str, command: str | None) -> bool:
    """Whether the end of a script is the end of the job: the command names no other after it, and no shell script."""
    named = SCRIPT.findall(command or "")
    if not named:
        return True
    last = named[-1].rpartition("/")[2]
    return not any(name.endswith(("sh", "bash")) for name in named) and path.rpartition("/")[2] == last


def _last_statement(files: list[LogFile], code: Code, command: str | None) -> LogLine | None:
    """The line of a statement after which the program's main flow does nothing more."""
    for file in files:
        for line in reversed(file.tail if file.covers_end else ()):
            told = code.statement_of(line.text)
            if any(statement.is_last_of_main and _may_be_last(statement.path, command) for statement in told):
                return line
    return None
