"""The log stopped where the program's source comes to a long step that says nothing: it is most likely still in it.

A fit, an evaluation, a copy or a child program runs for hours without a line, after a loop that spoke every minute. The
loop's pace does not apply to it.

Signs: an open run; by the source, the statement that printed the last line is followed by a call that works by itself, and
where it stands in a loop, its counter is full; nothing in the evidence contradicts it.
Near misses: a call that waits for somebody (a lock, a queue, a thread, a connection); a counter that is not full; a pause
whose stated length has long passed; a failure at the end of the log; a process that is stopped; a silence far longer than
all that went before.
Safety constraint: nothing shows that it moves: a suspicion, and the first rule that finds anything else has precedence.
"""

from collections.abc import Iterator

from diagnose.earlier import within_usual
from diagnose.evidence.afterwork import AfterWork
from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.code import Code
from diagnose.evidence.lifecycle import Lifecycle, UserProcess
from diagnose.evidence.processes import Processes
from diagnose.evidence.progress import Progress
from diagnose.evidence.ranks import Ranks
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.siblings import Siblings
from diagnose.evidence.source.ahead import Ahead
from diagnose.evidence.source.statements import Statement
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import duration, line_piece
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule

A_DAY_S = 86400.0
TIMES_AS_LONG = 4
STOPPED = ("t", "stopped", "tracing stop")


@rule(
    title="It is in a long step that says nothing",
    cause=Cause.STILL_WORKING,
    remedy=(
        Step("Look at the node's processor and memory before you end it", "", "py-spy dump --pid PID"),
        Step("Let long steps say that they move", "", "model.fit(..., callbacks=[...])"),
    ),
    generic=True,
)
def long_step(  # noqa: PLR0913, PLR0917  (what may contradict it)
    run: RunRecord,
    cadence: Cadence,
    progress: Progress | Missing,
    after: AfterWork | Missing,
    troubles: Troubles | Missing,
    code: Code | Missing,
    lifecycle: Lifecycle | Missing,
    processes: Processes | Missing,
    ranks: Ranks | Missing,
    siblings: Siblings | Missing,
) -> Iterator[Finding]:
    """What the source comes to next works by itself."""
    if isinstance(progress, Missing) or isinstance(after, Missing) or isinstance(troubles, Missing):
        return
    last, now = progress.continues, cadence.now
    if run.phase is not Phase.OPEN or last is None or now is None or isinstance(code, Missing):
        return
    if (
        cadence.beat is Beat.ALIVE
        or progress.repeated
        or after.lingers
        or after.is_held
        or not isinstance(ranks, Missing)
    ):
        return
    if any(troubles.ends(t.match.path, t.last_line) or t.in_thread for t in troubles.firm_or_last):
        return
    if not _lives(lifecycle, processes) or _is_beyond_measure(run, cadence):
        return
    full = progress.counter is not None and progress.counter.is_complete
    for statement in code.statement_of(last.text)[:1]:
        work = Ahead(code.modules).work_after(
            statement.path, statement.line, leaves_loop=full, passed_s=cadence.silence_s or 0.0
        )
        if work is not None:
            earlier = tuple(within_usual(run, cadence, siblings))
            yield _finding(statement, work.lineno, code, cadence, progress, earlier)


def _finding(  # noqa: PLR0913, PLR0917  (what it quotes)
    statement: Statement,
    line: int,
    code: Code,
    cadence: Cadence,
    progress: Progress,
    earlier: tuple[Evidence, ...],
) -> Finding:
    module = next(each for each in code.modules if each.path == statement.path)
    text = module.lines[line - 1].strip()[:200]
    quiet = duration(cadence.silence_s or 0.0)
    assert progress.continues is not None  # noqa: S101  (told to mypy)
    return Finding(
        headline=f"The run is most likely in a long step that says nothing ({statement.path}:{line}, {text[:80]!r}) for {quiet}; look at the node's processor before you end it.",
        story=f"The last line was printed at {statement.path}:{statement.line}; the source then comes to line {line}, which works by "
        "itself and prints nothing. Nothing says that it hangs, and nothing that it moves.",
        evidence=(
            line_piece(progress.continues, "This is the last line, and the source goes on after it."),
            Evidence(
                EvidenceKind.CODE,
                "This is what the source comes to next.",
                None,
                Source(statement.path, line, text),
            ),
            *earlier,
        ),
        missing=("the stacks of the process (py-spy dump --pid PID), or the node's processor load",),
        mechanism="long-step",
        began_at=progress.continues.at,
        at_most=Certainty.SUSPECTED,
    )


def _lives(lifecycle: Lifecycle | Missing, processes: Processes | Missing) -> bool:
    """Whether nobody saw the process ended or stopped."""
    if not isinstance(lifecycle, Missing) and lifecycle.process in (
        UserProcess.EXITED,
        UserProcess.NOT_SPAWNED,
    ):
        return False
    if isinstance(processes, Missing):
        return True
    living = [p for p in processes.all if p.is_alive]
    return bool(living) and not any((p.state or "").lower() in STOPPED for p in living)


def _is_beyond_measure(run: RunRecord, cadence: Cadence) -> bool:
    """A silence of more than a day that is far longer than all that went before."""
    silence, since = cadence.silence_s or 0.0, run.started_at or run.created_at
    before = (cadence.last_at - since).total_seconds() if cadence.last_at and since else 0.0
    return silence > max(A_DAY_S, TIMES_AS_LONG * before)
