"""A pool of processes was never closed, or one of its tasks never ends, and the interpreter waits for its workers.

Signs: the work is over and no exit is recorded; a stack shows the exit handler of `concurrent.futures` or of
`multiprocessing` while the source makes a pool; or the source makes a pool that nothing closes.
Near misses: threads of an executor, of which another rule speaks; a pool as a context manager; `shutdown(wait=False, cancel_futures=True)`; the warning of leaked semaphores,
which is printed when the process has ended and holds nothing.
Safety constraint: the source alone makes no verdict, it names the pool for a run that lingers by other evidence.
"""

from collections.abc import Iterator

from diagnose.evidence.afterwork import AfterWork
from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogPattern, Logs
from diagnose.pieces import clock, code_piece, end_of_work, exit_unseen, silence
from diagnose.rule import Cause, Certainty, Finding, Step, quote, rule

EXIT_STACK = LogPattern(
    "stack of a pool's exit handler",
    r"concurrent/futures/process\.py\"?[,:)] (?:line )?[0-9]*,? ?(?:in )?_python_exit\b"
    r"|multiprocessing/util\.py\"?[,:)] (?:line )?[0-9]*,? ?(?:in )?_exit_function\b",
)


@rule(
    title="A pool or executor was never shut down",
    cause=Cause.LINGERING_CHILD_PROCESS,
    watches=(EXIT_STACK,),
    remedy=Step(
        "Use the pool as a context manager, and give its tasks a time limit",
        "",
        "with ThreadPoolExecutor() as pool:\n    results = [f.result(timeout=600) for f in futures]",
        "A time limit raises; decide what is to happen then.",
    ),
    links=("https://docs.python.org/3/library/concurrent.futures.html#concurrent.futures.Executor.shutdown",),
)
def unclosed_pool(
    after: AfterWork, lifecycle: Lifecycle, cadence: Cadence, logs: Logs, code: Code | Missing
) -> Iterator[Finding]:
    """The work is over, the process is not, and a pool is there to hold it."""
    pools = findings_of(code, CodeKind.POOL_NOT_CLOSED)
    tasks = findings_of(code, CodeKind.POOL_TASK_NEVER_ENDS)
    # The exit handler waits for every child; where the source has other ones, and no pool, it is one of those.
    others = findings_of(code, CodeKind.PROCESS_NOT_JOINED, CodeKind.LOADER_WORKERS_KEPT)
    waits = after.is_open and not after.produces and not (others and not pools and not tasks)
    stacks = [m for m in logs.matches(EXIT_STACK).kept[-1:] if waits]
    if not stacks and not (after.lingers and (pools or tasks)):
        return
    where = f" ({pools[0].path}, line {pools[0].line})" if pools else ""
    yield Finding(
        headline=f"The main work ended, but a pool of workers{where} was never shut down and keeps the process alive; close it and bound its tasks.",
        story=f"The work was over at {clock(after.ended_at)}. At exit the interpreter waits for the workers of the pool, and they "
        "do not end; the runtime waits for the interpreter, and the run stays open.",
        evidence=(
            *(
                quote(m, "A stack shows the exit handler waiting for the workers.", direct=True)
                for m in stacks
            ),
            *end_of_work(after),
            *exit_unseen(after, lifecycle),
            *silence(cadence),
            *(code_piece(f, f"{f.path} makes a pool that nothing closes.") for f in pools[:3]),
            *(code_piece(f, f"{f.path} gives a pool a task without an end: {f.detail}.") for f in tasks[:3]),
        ),
        missing=() if stacks else ("the stacks of the process (py-spy dump --pid PID)",),
        mechanism="pool-not-closed",
        began_at=after.ended_at,
        at_most=Certainty.ESTABLISHED if after.is_certain or stacks else Certainty.SUSPECTED,
    )
