"""An event loop is never stopped, or waits for a coroutine that has no end.

`run_forever` returns when somebody calls `stop`; `asyncio.run` and `gather` return when everything that they were given
has come to its end. A heartbeat or a watcher among those keeps the loop, and with it the process, for ever.

Signs: the work is over and no exit is recorded, and the run's source runs a loop that nothing stops, or awaits a coroutine
with an endless loop that nothing cancels; or, with that end of the work, a stack shows the loop still waiting for events.
Near misses: a background task that is cancelled; one that nobody awaits, which `asyncio.run` itself cancels; a wait with
a time limit or for the first of several; a loop in a daemon thread.
Safety constraint: a loop that waits for events is how every asynchronous program works; its stack counts only after the
end of the work, and the source alone makes no verdict.
"""

from collections.abc import Iterator

from diagnose.evidence.afterwork import AfterWork
from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogMatch, LogPattern, Logs
from diagnose.pieces import after_the_work, clock, code_piece
from diagnose.rule import Cause, Certainty, Finding, Step, quote, rule

EVENT_LOOP = LogPattern(
    "stack of an event loop",
    r"(?:asyncio/(?:base_events|windows_events)|uvloop/loop|tornado/platform/asyncio)\.pyx?\"?[,:)] (?:line )?[0-9]*,? ?"
    r"(?:in )?(?:run_forever|_run_once|start)\b|\b(?:run_forever|_run_once) \(asyncio/base_events\.py:[0-9]+\)",
)


@rule(
    title="An event loop is never stopped",
    cause=Cause.LINGERING_CHILD_PROCESS,
    watches=(EVENT_LOOP,),
    remedy=Step(
        "Cancel what runs beside the work when the work is done",
        "Await the work alone; what runs beside it is cancelled after it.",
        "beat = asyncio.create_task(heartbeat())\ntry:\n    await work()\nfinally:\n    beat.cancel()",
        "A task that is cancelled in the middle of a write leaves it unfinished.",
    ),
    links=("https://docs.python.org/3/library/asyncio-task.html#asyncio.Task.cancel",),
)
def endless_event_loop(
    after: AfterWork, lifecycle: Lifecycle, cadence: Cadence, logs: Logs, code: Code | Missing
) -> Iterator[Finding]:
    """The work is over, the process is not, and a loop goes on."""
    stacks = _after_the_end(after, logs)
    loops = findings_of(code, CodeKind.LOOP_NEVER_STOPPED)
    if not after.lingers or not (loops or stacks):
        return
    where = f" ({loops[0].path}, line {loops[0].line}: {loops[0].detail})" if loops else ""
    yield Finding(
        headline=f"The main work ended, but an event loop{where} goes on and keeps the process alive; cancel its tasks or stop it.",
        story=f"The work was over at {clock(after.ended_at)}. The event loop still waits for a task that has no end, so the "
        "call that runs the loop never returns, the process lives on, and the run stays open.",
        evidence=(
            *(
                quote(
                    m,
                    "A stack, written after the work, shows the event loop waiting for events.",
                    # Without the source nobody knows that what it waits for is not the rest of the work.
                    direct=bool(loops),
                )
                for m in stacks
            ),
            *after_the_work(after, lifecycle, cadence),
            *(code_piece(f, f"{f.path}: {f.detail}.") for f in loops[:3]),
        ),
        missing=()
        if stacks
        else (
            "the stacks of the process (py-spy dump --pid PID), and the tasks of its loop (asyncio.all_tasks())",
        ),
        mechanism="endless-event-loop",
        began_at=after.ended_at,
        at_most=Certainty.ESTABLISHED if after.is_certain else Certainty.SUSPECTED,
    )


def _after_the_end(after: AfterWork, logs: Logs) -> list[LogMatch]:
    """The last stack of a loop that stands below the line that ended the work, which more than words tells."""
    ends = {line.path: line.number for _, line in after.signs}
    found = [m for m in logs.matches(EVENT_LOOP).kept if m.line > ends.get(m.path, m.line)]
    return found[-1:] if after.is_certain else []
