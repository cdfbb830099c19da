"""How far the work got, by counters and by the program's own last statement, whatever language it speaks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.code import Code
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogFile, LogLine, LogMatch, LogPattern, Logs
from diagnose.evidence.noise import is_noise
from diagnose.evidence.run import RunRecord
from diagnose.evidence.trouble.patterns import TRIED_AGAIN

_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9}"
COUNTER = re.compile(
    # Not inside a date, a path, a version, an address, a decimal or a name such as `v1/2` …
    rf"(?<![A-Za-z0-9_./:-])(?<![0-9],)({_NUMBER}) ?(?:/|\b(?:of|out of|von|de|sur|di|van|из)\b|\uff0f) ?({_NUMBER})"
    r"(?![0-9/-])(?![.,:][0-9])(?! [0-9]{1,2}:[0-9]{2})"
    # … and not a share of what the machine has.
    r"(?! ?(?i:[kmgt]i?b|gpus?|cpus?|cores?|nodes?|workers?|ranks?|devices?)\b)"
)
AGAIN = re.compile(TRIED_AGAIN.regex)
"""What is counted against a number of attempts is no work done."""
PERCENT = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d+)?) ?%")
MANY_STEPS = 3
_FILL = r"█▏▎▍▌▋▊▉#=>"
PERCENT_BAR = re.compile(
    rf"%\|[{_FILL} ]|% ?\[[{_FILL}]|[|\[][{_FILL}][{_FILL}. -]*[|\]] *[0-9]|[█#=]{{2}} *[0-9]{{1,3}}(?:\.[0-9]+)? ?%"
)
"""A percentage beside a drawn bar; without one it may be of anything, an accuracy say."""
FINISHED = LogPattern(
    "words of an end",
    r"(?i)\b(?:done|finished|completed?|success(?:ful|fully)?|all good|bye|goodbye|exiting|shutting down)\b"
    r"|\b(?:fertig|beendet|abgeschlossen|erfolgreich|ende)\b|\bfini\b|termin(?:ad|.{1,2})|achev|r.{1,2}ussi"
    r"|\b(?:completad|finalizad|acabad|conclu.{1,2}d|finito|completato|.xito|feito|pronto|listo)"
    r"|完成|完了|終了|结束|結束|成功|готово|заверш|успешно|완료|종료",
)

STEP = LogPattern(
    "step in the log",
    r"(?i)\b(?P<label>epoch|step|iter|iteration|batch|round|trial|fold|episode|update|epoche|schritt|runde|durchlauf"
    r"|paso|.{1,2}poca|ronda|iteraci.{1,2}n|.{1,2}tape|.{1,2}poque|tour|passo|etapa|rodada)s?\b[ #:=\[(./]{0,3}(?P<number>[0-9]{1,9})\b"
    r"|(?:第|эпоха|шаг|エポック|ステップ|步|轮|에포크|스텝)[ :#=]{0,3}[0-9]{1,9}",
)

_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Counter:
    """A count of something against its total, as the log last told it."""

    done: int
    total: int
    line: LogLine

    @property
    def is_complete(self) -> bool:
        """Whether it had reached its total."""
        return self.done >= self.total


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the work stood when the log was last written."""

    derived_from: ClassVar[tuple[type, ...]] = (RunRecord, Logs, Lifecycle, Code)
    watches: ClassVar[tuple[LogPattern, ...]] = (FINISHED, STEP)

    counter: Counter | None
    """The last counter in the user's logs; a count that has no total is none."""
    last_statement: LogLine | None
    """The last line printed by the last printing statement of the program's main flow, by its source."""
    continues: LogLine | None
    """The last line, where the source shows that the main flow goes on to something else after printing it."""
    finished: LogLine | None
    """The last line of the log, where it holds a word of an end in one of many languages. A hint and no more."""
    counts_steps: bool
    """The log counts epochs, steps or the like, so metrics are to be expected."""
    script_ended: LogMatch | None
    """v1: the driver says that the script returned."""
    last_line: LogLine | None
    """The last line that says anything of the script's own."""
    stopped_short: Counter | None
    """The last of a counter of things that rose steadily and stopped far from its total, while the log went on."""
    repeated: LogLine | None
    """The last line, where the ten before it say the same but for the time: a voice that tells of no progress."""

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
        """Whether the last counter says that there was work left."""
        return self.counter is not None and not self.counter.is_complete and not self.is_over

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        logs, lifecycle = bundle.get(Logs), bundle.get(Lifecycle)
        if isinstance(logs, Missing):
            return Missing("progress", logs.reason, logs.remedy)
        files = _latest_first(logs)
        counted = (list(_counters(file)) for file in files if file.covers_end)
        counters = next((found for found in counted if found), [])
        code, last = bundle.get(Code), _last_line(logs)
        run = bundle.get(RunRecord)
        command = None if isinstance(run, Missing) else run.command
        ended = None if isinstance(code, Missing) else _last_statement(files, code, command)
        return cls(
            counter=_telling(counters),
            last_statement=ended,
            continues=None if isinstance(code, Missing) or last is None or ended else _continues(code, last),
            finished=last if last and re.search(FINISHED.regex, last.text) else None,
            stopped_short=_stopped_short(counters, last),
            counts_steps=bool(counters) or logs.matches(STEP).count >= MANY_STEPS,
            script_ended=None if isinstance(lifecycle, Missing) else lifecycle.script_ended,
            last_line=last,
            repeated=_repeated(logs, last),
        )


TEARDOWN = re.compile(
    r"Cleaning up all outstanding Run operations|items cleaning up\.\.\.|Cleanup took|Finished context manager injector"
)
"""Lines of the v1 client at exit: nothing that the script itself says."""
TIME_OF_DAY = re.compile(
    r"\d{4}-\d\d-\d\d|\d{1,4}/\d\d/\d{1,4}|\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?|\b\d{9,13}(?:\.\d+)?\b"
)
SAME_LINES = 10


def _spoken(file: LogFile) -> list[LogLine]:
    """The lines at the end of a log that the script itself said."""
    return [line for line in file.tail if not TEARDOWN.search(line.text) and not is_noise(line.text)]


def _last_line(logs: Logs) -> LogLine | None:
    ends = (spoken[-1] for file in _latest_first(logs) if file.covers_end and (spoken := _spoken(file)))
    return next(ends, None)


def _continues(code: Code, last: LogLine) -> LogLine | None:
    return last if code.statement_of(last.text) else None


def _repeated(logs: Logs, last: LogLine | None) -> LogLine | None:
    file = logs.file(last.path) if last else None
    said = [TIME_OF_DAY.sub("", line.text) for line in (_spoken(file)[-SAME_LINES:] if file else ())]
    return last if len(said) == SAME_LINES and len(set(said)) == 1 else None


def _latest_first(logs: Logs) -> list[LogFile]:
    """The user's logs, the one that was written to last first, in whatever order they are listed."""
    return sorted(logs.user_files, key=lambda f: (f.last_at or f.modified_at or _EVER, f.path), reverse=True)


def _telling(counters: list[Counter]) -> Counter | None:
    """The last counter; but where that is full, one that is not, and is not that of an inner loop, if there is any.

    A bar that fills up once in each epoch says nothing of the end. An inner loop starts again and again.
    """
    if not counters or not counters[-1].is_complete:
        return counters[-1] if counters else None
    last_of = {counter.total: counter for counter in counters}
    left = [c for c in last_of.values() if not c.is_complete and not _starts_again(c.total, counters)]
    return left[-1] if left else counters[-1]


def _starts_again(total: int, counters: list[Counter]) -> bool:
    done = [counter.done for counter in counters if counter.total == total]
    return any(later < earlier for earlier, later in pairwise(done))


RISES = 5
"""Counts that show a pace."""
BY_DESIGN = re.compile(
    r"(?i)\b(?:epoch|step|iter|trial|round|batch|fold|episode|attempt|patience|budget|lr|seed|gen|generation|stage|phase|level|candidate|epoche|runde|schritt"
    r"|paso|ronda|passo)|poch|poque|poca|etap|acc|loss|score|correct|match|hit|mem|gpu|эпох|шаг|エポック|轮|步"
)
"""What ends early on purpose, and what is a share and no progress."""


def _stopped_short(counters: list[Counter], last: LogLine | None) -> Counter | None:
    """The last counter, where it rose evenly to more than two of its steps before its total, and lines follow it."""
    told = [c for c in counters if counters and c.total == counters[-1].total]
    done = [c.done for c in told]
    steps = [later - earlier for earlier, later in pairwise(done)]
    if len(told) < RISES or last is None or min(steps) <= 0 or BY_DESIGN.search(told[-1].line.text):
        return None
    # It is told every so often, so the end of the work may lie one step, or a short one, behind the last count.
    short = told[-1].total - told[-1].done > 2 * max(steps)
    follows = last.number > told[-1].line.number or last.path != told[-1].line.path
    return told[-1] if short and follows else None


def _counters(file: LogFile) -> Iterator[Counter]:
    seen = {line.number: line for line in (*file.head, *file.tail)}
    for number in sorted(seen):
        counter = counter_in(seen[number])
        if counter:
            yield counter


def counter_in(line: LogLine) -> Counter | None:
    """The count against a total in a line: `3/10`, `3 of 10`, `30%|###`. A date, a path or an attempt is none.

    Of several the first that has not reached its total, so that an inner loop's end is not taken for the end.
    """
    if AGAIN.search(line.text):
        return None
    pairs = [(int(a.replace(",", "")), int(b.replace(",", ""))) for a, b in COUNTER.findall(line.text)]
    fair = [(done, total) for done, total in pairs if done <= total and total > 0]
    if fair:
        done, total = next((pair for pair in fair if pair[0] < pair[1]), fair[0])
        return Counter(done, total, line)
    percent = PERCENT.findall(line.text)
    if len(percent) == 1 and float(percent[0]) <= 100 and PERCENT_BAR.search(line.text):
        return Counter(int(float(percent[0])), 100, line)
    return None


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
