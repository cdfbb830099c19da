"""A task of a pool of threads hands the same pool tasks and waits for them; when every worker does, none is left to begin one.

With few such tasks at a time there are workers left and all goes well; with as many as there are workers, nothing ends any more.

Signs: the run's source gives a pool of threads a task which, itself or in what it calls, gives that pool tasks and waits for
them without a time limit; the log stops in that function, or silent by its own pace, in the middle of the work.
Near misses: a pool of its own for the inner tasks; inner tasks that nobody waits for; a wait with a time limit; a run that
moves; a log that stops elsewhere without a pace of its own.
Safety constraint: the source shows that all workers can wait, and not that they do: without stacks it stays below established,
and without a pace of the run's own it is a suspicion.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.standstill import Standstill
from diagnose.pieces import code_piece, line_piece, silence
from diagnose.rule import Cause, Certainty, Finding, Step, rule


@rule(
    title="A pool that waits for itself",
    cause=Cause.IN_PROCESS_DEADLOCK,
    remedy=Step(
        "Give the inner tasks a pool of their own, or do them in the task",
        "A task must not wait for a task of its own pool.",
        "regions = ThreadPoolExecutor(4)\nparts = ThreadPoolExecutor(8)  # only for what a region hands out",
    ),
)
def pool_waits_for_itself(
    run: RunRecord, code: Code | Missing, still: Standstill | Missing, cadence: Cadence
) -> Iterator[Finding]:
    """The source can fill a pool with tasks that wait for it, and the log stops there."""
    if run.phase is not Phase.OPEN or isinstance(still, Missing):
        return
    for found in findings_of(code, CodeKind.POOL_WAITS_FOR_ITSELF):
        near = still.is_in_function_of(found) or still.leads_to(found)
        if not near and not still.by_its_own_pace:
            continue
        yield Finding(
            headline=f"The workers of a pool most likely wait for tasks that none of them is left to begin, from {found.path}:{found.line}; end the run, and give the inner tasks a pool of their own.",
            story=f"The log stops in the middle of the work. {found.path}:{found.line} {found.detail}. When all workers are in such a "
            "task, nobody is left for what they wait for.",
            evidence=(
                code_piece(found, f"This line {found.detail}."),
                *silence(cadence),
                line_piece(still.last, "This is the last line before the silence."),
            ),
            missing=("the stacks of the process (py-spy dump --pid PID)",),
            mechanism="pool-waits-for-itself",
            began_at=still.last.at or cadence.last_at,
            at_most=Certainty.SUPPORTED if near and still.by_its_own_pace else Certainty.SUSPECTED,
        )
        return
