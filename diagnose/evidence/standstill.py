"""An open run that has stopped in the middle of its work, and what its source comes to next after the last line."""

import ast
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.code import Code, CodeFinding
from diagnose.evidence.lifecycle import Lifecycle, UserProcess
from diagnose.evidence.logs import LogLine
from diagnose.evidence.progress import Progress
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.source.flow import costs_nothing
from diagnose.evidence.source.module import Loop, Module, is_function, last_name
from diagnose.evidence.source.statements import Statement

LONG_S = 1800.0
"""Without a pace of its own, a silence shorter than this is none."""

CALLS_DEEP = 3
"""Calls from one function into another that are followed."""


@dataclass(frozen=True, slots=True)
class Standstill:
    """An open run that is silent before its work is over. Absent where the run is closed, alive or done."""

    derived_from: ClassVar[tuple[type, ...]] = (RunRecord, Cadence, Progress, Lifecycle, Code)

    last: LogLine
    by_its_own_pace: bool
    """The silence is long by the run's own measure, and not only by the clock."""
    statements: tuple[Statement, ...]
    """Those that can have printed the last line; none where no source is at hand."""
    modules: tuple[Module, ...]

    def is_in_function_of(self, found: CodeFinding) -> bool:
        """Whether the last line may have been printed by the function that a place stands in."""
        module = next((m for m in self.modules if m.path == found.path), None)
        around = _function_at(module, found.line) if module else None
        return any(s.path == found.path and s.function == around for s in self.statements)

    def leads_to(self, found: CodeFinding) -> bool:
        """Whether the source comes from the last printed line to a place with nothing of consequence between.

        A loop that holds or calls both leads there too, where the silence is longer than its rounds took.
        """
        module = next((m for m in self.modules if m.path == found.path), None)
        if module is None:
            return False
        by_loop = self.by_its_own_pace and any(self._comes_round(s, module, found) for s in self.statements)
        return by_loop or any(_leads(module, s, found) for s in self.statements if s.path == found.path)

    def _comes_round(self, printed: Statement, module: Module, found: CodeFinding) -> bool:
        own = next((m for m in self.modules if m.path == printed.path), None)
        loops = [n for n in own.nodes if isinstance(n, Loop) and _spans(n, printed.line)] if own else []
        function = _function_at(module, found.line)
        return any(
            (own is module and _spans(loop, found.line)) or (function and function in self._called(loop))
            for loop in loops
        )

    def _called(self, loop: ast.AST) -> set[str]:
        """The names of what a loop calls, and of what those call."""
        names = {last_name(node.func) for node in ast.walk(loop) if isinstance(node, ast.Call)}
        for _ in range(CALLS_DEEP):
            bodies = [f for module in self.modules for f in module.functions if f.name in names]
            names |= {last_name(n.func) for f in bodies for n in ast.walk(f) if isinstance(n, ast.Call)}
        return names

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        run, cadence, progress = bundle.get(RunRecord), bundle.get(Cadence), bundle.get(Progress)
        for fact in (run, cadence, progress):
            if isinstance(fact, Missing):
                return Missing("a standstill", fact.reason, fact.remedy)
        assert not isinstance(run, Missing) and not isinstance(cadence, Missing)  # noqa: S101, PT018  (told to mypy)
        assert not isinstance(progress, Missing)  # noqa: S101
        lifecycle, code = bundle.get(Lifecycle), bundle.get(Code)
        exited = not isinstance(lifecycle, Missing) and lifecycle.process is UserProcess.EXITED
        silent = cadence.beat is Beat.SILENT
        quiet = silent or (cadence.beat is Beat.UNCLEAR and (cadence.silence_s or 0.0) > LONG_S)
        if (
            run.phase is not Phase.OPEN
            or exited
            or progress.is_over
            or not quiet
            or progress.last_line is None
        ):
            return Missing("a standstill", "the run does not stand still in the middle of its work")
        return cls(
            progress.last_line,
            silent,
            () if isinstance(code, Missing) else code.statement_of(progress.last_line.text),
            () if isinstance(code, Missing) else code.modules,
        )


def _leads(module: Module, printed: Statement, found: CodeFinding) -> bool:
    """Whether nothing of consequence stands between a printing statement and a place of the same function."""
    if found.line <= printed.line or _function_at(module, found.line) != printed.function:
        return False
    between = range(printed.line + 1, found.line)
    return all(costs_nothing(call) for call in module.calls if call.lineno in between)


def _spans(node: ast.AST, *lines: int) -> bool:
    first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", None) or 0
    return all(first <= line <= last for line in lines)


def _function_at(module: Module, line: int) -> str | None:
    around = [node for node in module.nodes if is_function(node) and _spans(node, line)]
    return around[-1].name if around and is_function(around[-1]) else None
