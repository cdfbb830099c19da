"""The main work is over, the process has not ended, and nothing tells what holds it.

A thread, a child, a pool, an exit hook or a held pipe: without stacks, source or process table they look alike.

Signs: the driver, the source or the last words say that the work is over; every channel has been silent for many times
its own longest pause (or only a ticking voice is left); no end of the process is recorded. Where earlier completed runs are at hand, that this one takes far longer than any of them.
Near misses: a long last step that prints nothing, which is why words alone stay a suspicion, and a full counter is no
sign at all; a flush or an upload that is still trying, which says so in the log.
Safety constraint: never more than supported; every other explanation that says anything of itself goes first. A driver
log of which the end is not here may tell of more, the exit included.
"""

from collections.abc import Iterator

from diagnose.earlier import beyond_usual
from diagnose.evidence.afterwork import AfterWork
from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import Logs
from diagnose.evidence.run import RunRecord
from diagnose.evidence.siblings import Siblings
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import (
    clock,
    duration,
    end_of_work,
    ended_badly,
    exit_unseen,
    line_piece,
    silence,
)
from diagnose.rule import Cause, Certainty, Finding, Step, rule


@rule(
    title="The process outlives its work",
    cause=Cause.LINGERING_CHILD_PROCESS,
    remedy=Step(
        "Ask the process what it waits for, then stop that",
        "While it is still there its stacks name the thread, the child or the hook.",
        "py-spy dump --pid PID\nps -ef --forest",
        "py-spy stops the process for some milliseconds.",
    ),
    generic=True,
    inferred=True,
)
def process_outlives_work(  # noqa: PLR0913, PLR0917  (what speaks for it and against it)
    run: RunRecord,
    after: AfterWork,
    lifecycle: Lifecycle,
    cadence: Cadence,
    logs: Logs,
    troubles: Troubles | Missing,
    siblings: Siblings | Missing,
) -> Iterator[Finding]:
    """Work over, process not, silence."""
    # Only v1 says Finalizing while the process lives.
    finalizing = (run.status or "").lower() == "finalizing" and lifecycle.runtime != "v1"
    if not after.lingers or finalizing or _is_cut(lifecycle, logs):
        return
    late = tuple(beyond_usual(run, cadence, siblings))
    since = f" {duration(after.idle_s)} ago" if after.idle_s else ""
    yield Finding(
        headline=f"The main work ended{since} and the process did not; something that it started holds it open: look at its stacks, then end it.",
        story=f"The work was over at {clock(after.ended_at)}, and no end of the process is recorded. What holds it is not "
        "visible in this evidence: a thread, a child process, a pool or an exit hook would each look like this.",
        evidence=(
            *end_of_work(after),
            *exit_unseen(after, lifecycle),
            *silence(cadence),
            *late,
            *(
                line_piece(line, "The log ticks on while metrics and outputs have stopped.")
                for line in after.ticks_on[-1:]
            ),
        ),
        against=tuple(ended_badly(lifecycle, troubles)),
        missing=(
            "the stacks and the children of the process (py-spy dump --pid PID; ps -ef --forest, on the node)",
        ),
        mechanism="process-outlives-work",
        began_at=after.ended_at,
        at_most=Certainty.SUPPORTED if after.is_certain else Certainty.SUSPECTED,
    )


def _is_cut(lifecycle: Lifecycle, logs: Logs) -> bool:
    """v1: what the driver said after the script's return is not all here."""
    file = logs.file(lifecycle.script_ended.path) if lifecycle.script_ended else None
    return file is not None and not file.covers_end
