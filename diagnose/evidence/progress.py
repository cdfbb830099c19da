"""How far the work got, by counters and by the program's own last statement, whatever language it speaks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.code import Code
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogFile, LogLine, LogMatch, LogPattern, Logs

COUNTER = re.compile(
    r"(?<![\d./:-])(\d{1,9}) ?(?:/|\b(?:of|out of|von|de|sur|di|van|из)\b|\uff0f) ?(\d{1,9})(?![\d/-])(?![.:]\d)"
)
PERCENT = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d+)?) ?%")
MANY_STEPS = 3
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

    derived_from: ClassVar[tuple[type, ...]] = (Logs, Lifecycle, Code)
    watches: ClassVar[tuple[LogPattern, ...]] = (FINISHED, STEP)

    counter: Counter | None
    """The last counter in the user's logs; a count that has no total is none."""
    advanced: bool | None
    """Whether the counter grew between the first and the last that were kept; `None` with fewer than two."""
    last_statement: LogLine | None
    """The last line printed by the last printing statement of the program's main flow, by its source."""
    finished: LogMatch | None
    """The last line with a word of an end in it, in one of many languages. A hint and no more."""
    counts_steps: bool
    """The log counts epochs, steps or the like, so metrics are to be expected."""
    script_ended: LogMatch | None
    """v1: the driver says that the script returned."""
    last_line: LogLine | None

    @property
    def is_over(self) -> bool:
        """Whether the main work had come to its end: the driver, the source or a full counter says so."""
        if self.script_ended or self.last_statement:
            return True
        return self.counter is not None and self.counter.is_complete and self.counter.total > 1

    @property
    def is_under_way(self) -> bool:
        """Whether the last counter says that there was work left."""
        return self.counter is not None and not self.counter.is_complete and not self.script_ended

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        logs, lifecycle = bundle.get(Logs), bundle.get(Lifecycle)
        if isinstance(logs, Missing):
            return Missing("progress", logs.reason, logs.remedy)
        counters = [c for file in logs.user_files if file.covers_end for c in _counters(file)]
        code = bundle.get(Code)
        return cls(
            counter=counters[-1] if counters else None,
            advanced=_advanced(counters),
            last_statement=None if isinstance(code, Missing) else _last_statement(logs, code),
            finished=max(logs.matches(FINISHED).kept, key=lambda m: (m.path, m.line), default=None),
            counts_steps=bool(counters) or logs.matches(STEP).count >= MANY_STEPS,
            script_ended=None if isinstance(lifecycle, Missing) else lifecycle.script_ended,
            last_line=next((f.tail[-1] for f in reversed(logs.user_files) if f.tail and f.covers_end), None),
        )


def _counters(file: LogFile) -> Iterator[Counter]:
    seen = {line.number: line for line in (*file.head, *file.tail)}
    for number in sorted(seen):
        counter = counter_in(seen[number])
        if counter:
            yield counter


def counter_in(line: LogLine) -> Counter | None:
    """The widest count against a total in a line: `3/10`, `3 of 10`, `30%`. A date or a path is none."""
    pairs = [(int(a), int(b)) for a, b in COUNTER.findall(line.text)]
    fair = [(done, total) for done, total in pairs if 0 <= done <= total and total > 0]
    if fair:
        done, total = fair[0]
        return Counter(done, total, line)
    percent = PERCENT.findall(line.text)
    if len(percent) == 1 and re.search(r"%[ |\]]*[|█▏▎▍▌▋▊▉#=>]|[|█#=>\[] *\d{1,3}(?:\.\d+)? ?%", line.text):
        return Counter(min(100, int(float(percent[0]))), 100, line)
    return None


def _advanced(counters: list[Counter]) -> bool | None:
    same = [c for c in counters if counters and c.total == counters[-1].total]
    return same[-1].done > same[0].done if len(same) > 1 else None


def _last_statement(logs: Logs, code: Code) -> LogLine | None:
    """The line of a statement after which the program's main flow prints nothing more."""
    for file in reversed(logs.user_files):
        for line in reversed(file.tail if file.covers_end else ()):
            if any(statement.is_last_of_main for statement in code.statement_of(line.text)):
                return line
    return None
