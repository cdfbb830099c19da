"""The program looks again and again whether something has come, says each time when it will look next, and does nothing else.

A lock that a dead run left behind, a file that another job is to write, a free place in a table: the loop that waits for it
usually says so, in whatever language, and how long it will sleep.

Signs: an open run whose log ends in one line, said again word for word but for its clock, with a length of time in it that
is the pause from each to the next, for an hour; and nothing was produced since the first of them.
Near misses: a heartbeat, which tells how long it has been at it or has work beside it; a counter of attempts that fail; a
loop in a thread of its own, while the main flow does something else; a line whose pause is not the one that it states.
Safety constraint: the words are not understood, so without the source it is a suspicion; where the source is at hand, the
line must come from a loop of the main flow that sleeps.
"""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code
from diagnose.evidence.logs import LogLine, Logs
from diagnose.evidence.progress import Progress
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.source.module import Loop, Module, last_name, within
from diagnose.evidence.source.threads import run_in_threads
from diagnose.pieces import duration, line_piece, plural, silence
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule

ROUNDS = 8
LASTS_S = 3600.0
SPAN = re.compile(
    r"(?i)(?<![\w.,:-])(\d{1,5}(?:[.,]\d)?) ?(s|m|h|秒|分|小?时|時|сек|мин|час|초|분|시)([^\W\d]*)"
)
UNIT_S = {
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
    "秒": 1.0,
    "分": 60.0,
    "сек": 1.0,
    "мин": 60.0,
    "초": 1.0,
    "분": 60.0,
}
"""By the first letters; other words for hours follow."""
STAMP = re.compile(
    r"^\W{0,3}(?:\d{4}-\d\d-\d\d|\d{1,4}/\d\d/\d{1,4})?[T ]?(?:\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"
)


@rule(
    title="It looks again and again for something that does not come",
    cause=Cause.WAITING_ON_EXTERNAL,
    remedy=(
        Step(
            "Restore what it waits for",
            "The quoted line names it; a lock of a run that is gone can be removed.",
        ),
        Step(
            "Bound the wait",
            "Let it fail after a time, so that the run ends and says why.",
            "deadline = time.monotonic() + 4 * 3600\nwhile not ready():\n    if time.monotonic() > deadline:\n        raise TimeoutError('still locked')\n    time.sleep(900)",
        ),
    ),
)
def looks_again_later(
    run: RunRecord, progress: Progress, logs: Logs, cadence: Cadence, code: Code | Missing
) -> Iterator[Finding]:
    """One line at the pause that it states, and nothing else."""
    fold = progress.fold
    if run.phase is not Phase.OPEN or cadence.produces or fold is None or len(fold.said) > 1:
        return
    told = _repeats(logs, fold.said[-1])
    pause = _pause(told)
    if pause is None or not _states(told[-1].text, pause) or _produced_since(cadence, told[0]):
        return
    loops = [] if isinstance(code, Missing) else list(_loops(code, told[-1].text))
    if not isinstance(code, Missing) and code.modules and not loops:
        return
    last = told[-1]
    yield Finding(
        headline=f"The program looks every {duration(pause)} for something that does not come ({_words(last)!r}) and does nothing else; restore what it waits for, or end the run.",
        story=f"The log ends in {plural(len(told), 'line')} that say the same, {duration(pause)} apart, as the line itself announces. "
        "Nothing was produced since the first of them.",
        evidence=(
            line_piece(last, f"The log says this every {duration(pause)}, and nothing else."),
            *(_loop_piece(module, loop) for module, loop in loops[:1]),
            *silence(cadence),
        ),
        mechanism="looks-again-later",
        began_at=told[0].at,
        at_most=Certainty.SUPPORTED if loops else Certainty.SUSPECTED,
    )


def _words(line: LogLine) -> str:
    return " ".join(STAMP.sub("", line.text, count=1).split())[:120]


def _repeats(logs: Logs, last: LogLine) -> list[LogLine]:
    """The lines at the end of its log that say the same to the letter, but for the stamp that they begin with."""
    file, same = logs.file(last.path), []
    for line in reversed(file.tail if file else ()):
        if _words(line) == _words(last):
            same.append(line)
        elif same:
            break
    return same[::-1]


def _pause(told: list[LogLine]) -> float | None:
    """From one to the next, where all have a time and they go on for long."""
    times = [line.at for line in told if line.at]
    if len(told) < ROUNDS or len(times) < len(told) or (times[-1] - times[0]).total_seconds() < LASTS_S:
        return None
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    usual = median(gaps)
    return usual if usual > 0 and max(gaps) <= 1.5 * usual and min(gaps) >= 0.5 * usual else None


def _states(text: str, pause: float) -> bool:
    """Whether a length of time in the line is the pause; a look takes some of it."""
    stated = (float(n.replace(",", ".")) * _unit(first, rest) for n, first, rest in SPAN.findall(text))
    return any(0.95 * seconds <= pause <= 1.2 * seconds + 5 for seconds in stated)


def _unit(first: str, rest: str) -> float:
    hours = first.lower() == "s" and rest.lower().startswith(("t", "aat"))  # Std., Stunden, saat
    return 3600.0 if hours else UNIT_S.get(first.lower(), 3600.0)


def _produced_since(cadence: Cadence, first: LogLine) -> bool:
    return any(c.name != "log" and first.at is not None and c.last_at > first.at for c in cadence.channels)


def _loops(code: Code, text: str) -> Iterator[tuple[Module, ast.While | ast.For | ast.AsyncFor]]:
    """Loops of the main flow that sleep, and that the statement of the line stands in."""
    for statement in code.statement_of(text):
        for module in code.modules:
            if module.path != statement.path or statement.function in run_in_threads(module):
                continue
            for call in (c for c in module.calls if c.lineno == statement.line):
                around = (node for node in module.ancestors(call) if isinstance(node, Loop))
                yield from ((module, loop) for loop in around if _sleeps(loop))


def _sleeps(loop: ast.AST) -> bool:
    return any(isinstance(n, ast.Call) and last_name(n.func) in ("sleep", "wait") for n in within(loop))


def _loop_piece(module: Module, loop: ast.stmt) -> Evidence:
    source = Source(module.path, loop.lineno, module.text(loop))
    return Evidence(EvidenceKind.CODE, "It comes from a loop that sleeps.", None, source)
