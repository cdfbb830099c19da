"""Where the program stood when its log ends, and what it would do next by its own source."""

from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.code import Code
from diagnose.evidence.logs import LogLine, Logs
from diagnose.evidence.progress import Progress
from diagnose.evidence.run import RunRecord
from diagnose.evidence.source.nexts import Next, Nexts
from diagnose.evidence.source.statements import Statement

LAST_LINES = 40

_DOES = {
    "join": "wait for the end in",
    "wait": "wait in",
    "wait_for": "wait in",
    "get": "wait for an item in",
    "result": "wait for a result in",
    "acquire": "take a lock in",
    "put": "put into a queue in",
    "recv": "wait for a message in",
    "accept": "wait for a connection in",
    "communicate": "wait for a program in",
    "barrier": "wait for the other ranks in",
    "all_reduce": "wait for the other ranks in",
}
"""What a call does by its name; any other is merely called."""


@dataclass(frozen=True, slots=True)
class Stopping:
    """The last statement of the main flow that printed, and what comes after it. It points; it proves nothing."""

    derived_from: ClassVar[tuple[type, ...]] = (RunRecord, Progress, Code, Logs)

    line: LogLine
    """The last line of the log that one statement of the main flow, and no other, can have printed."""
    statement: Statement
    following: tuple[Next, ...]
    """The calls of consequence up to the next that prints; empty at the end of the program."""

    @property
    def sentence(self) -> str:
        """Where it stopped and what it would do next, with both places."""
        stood = f"{self.statement.path}:{self.statement.line}"
        if not self.following:
            return f"It stopped after {stood}, the last thing of consequence that its main flow does; what is left is the exit."
        first, *rest = self.following
        does = _does(first)
        may = "would" if first.is_sure else "may"
        then = "".join(f", then to {_does(each)} ({each.path}:{each.line})" for each in rest)
        return f"It stopped after {stood}; the next thing that it {may} do is to {does} ({first.path}:{first.line}){then}."

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        progress, code, logs = bundle.get(Progress), bundle.get(Code), bundle.get(Logs)
        for fact in (progress, code, logs):
            if isinstance(fact, Missing):
                return Missing("the place where it stopped", fact.reason, fact.remedy)
        assert not isinstance(progress, Missing) and not isinstance(code, Missing)  # noqa: S101, PT018  (told to mypy)
        assert not isinstance(logs, Missing)  # noqa: S101
        try:
            return cls._of(bundle, progress, code, logs)
        except RecursionError:
            return Missing("the place where it stopped", "the source is nested too deeply to be followed")

    @classmethod
    def _of(cls, bundle: Bundle, progress: Progress, code: Code, logs: Logs) -> Self | Missing:
        run = bundle.get(RunRecord)
        nexts = Nexts(code.modules, "" if isinstance(run, Missing) else run.command or "")
        stops = (stop for line in _last_lines(progress, logs) if (stop := _stop(code, nexts, line)))
        found = next(stops, None)
        # An earlier line is not asked where the last one's way on cannot be followed: it would mislead.
        if found is None or not (found.following or found.statement.is_last_of_main):
            return Missing(
                "the place where it stopped", "the source does not tell which statement printed last"
            )
        return cls(found.line, found.statement, found.following)


def _last_lines(progress: Progress, logs: Logs) -> list[LogLine]:
    """The last lines of the log that was written to last, the last first; none of a log whose end is not here."""
    file = logs.file(progress.last_line.path) if progress.last_line else None
    return list(reversed(file.tail[-LAST_LINES:])) if file and file.covers_end else []


def _stop(code: Code, nexts: Nexts, line: LogLine) -> Stopping | None:
    """The statement that printed a line, where only one fits best, and it is the main flow's."""
    told = code.statement_of(line.text)
    if not told or (len(told) > 1 and told[0].match(line.text) == told[1].match(line.text)):
        return None
    statement = told[0]
    for module in code.modules:
        for call in module.calls if module.path == statement.path else ():
            if call.lineno == statement.line and nexts.is_main(module, call):
                return Stopping(line, statement, nexts.after(module, call))
    return None


def _does(step: Next) -> str:
    if step.leaves:
        return f"leave the block of `{step.call}`, which waits for what it began"
    if not step.name:
        return f"go on with the loop `{step.call}`"
    return f"{_DOES.get(step.name, 'call')} `{step.call}`"
