"""A task of an executor never ends, and the interpreter waits for the executor's threads.

Idle threads of an executor end by themselves at exit, so one that was merely never shut down holds nothing. A task that
loops for ever, or waits for an item, an event or a lock without a limit, holds the process: at the end of the `with`, in
`shutdown`, or in the exit handler of `concurrent.futures`.

Signs: the work is over and no exit is recorded, and the source hands an executor a function that has no end; or a stack
shows the exit handler of `concurrent.futures.thread`.
Near misses: tasks that are bounded, or still at work, whose outputs or metrics come; an executor that is idle; a pool of processes, which another rule knows.
Safety constraint: the source alone makes no verdict, it names the task for a run that lingers by other evidence.
"""

from collections.abc import Iterator

from diagnose.evidence.afterwork import AfterWork
from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogPattern, Logs
from diagnose.pieces import after_the_work, clock, code_piece
from diagnose.rule import Cause, Certainty, Finding, Step, quote, rule

EXECUTOR_EXIT = LogPattern(
    "stack of an executor's exit handler",
    r"concurrent/futures/thread\.py\"?[,:)] (?:line )?[0-9]*,? ?(?:in )?_python_exit\b"
    r"|\b_python_exit \(concurrent/futures/thread\.py:[0-9]+\)",
)


@rule(
    title="A task of an executor never ends",
    cause=Cause.LINGERING_CHILD_PROCESS,
    watches=(EXECUTOR_EXIT,),
    remedy=Step(
        "Give the task a way to end, and use it before the work is over",
        "A sentinel in its queue, or an event that its loop looks at; `cancel` does not end a task that runs.",
        "stop = threading.Event()\n# in the task: while not stop.is_set(): item = todo.get(timeout=5) ...\nstop.set()\npool.shutdown()",
        "A daemon thread instead is cut off in the middle of whatever it does.",
    ),
    links=("https://docs.python.org/3/library/concurrent.futures.html#concurrent.futures.Executor.shutdown",),
)
def executor_task_blocked(
    after: AfterWork, lifecycle: Lifecycle, cadence: Cadence, logs: Logs, code: Code | Missing
) -> Iterator[Finding]:
    """The work is over, the process is not, and a task without an end is there to hold it."""
    stacks = [m for m in logs.matches(EXECUTOR_EXIT).kept[-1:] if after.is_open and not after.produces]
    tasks = findings_of(code, CodeKind.TASK_NEVER_ENDS)
    if not stacks and not (after.lingers and tasks):
        return
    where = f" ({tasks[0].path}, line {tasks[0].line}: {tasks[0].detail})" if tasks else ""
    yield Finding(
        headline=f"The main work ended, but a task of an executor{where} does not end and keeps the process alive; give it a way to end.",
        story=f"The work was over at {clock(after.ended_at)}. The interpreter waits for the executor's threads before it exits, "
        "and the thread of that task never comes free; the runtime waits for the interpreter, and the run stays open.",
        evidence=(
            *(quote(m, "A stack shows the executor waiting for its threads.", direct=True) for m in stacks),
            *after_the_work(after, lifecycle, cadence),
            *(
                code_piece(f, f"{f.path} hands an executor a task without an end: {f.detail}.")
                for f in tasks[:3]
            ),
        ),
        missing=()
        if stacks
        else ("the stacks of the process (py-spy dump --pid PID names the task and its line)",),
        mechanism="executor-task-blocked",
        began_at=after.ended_at,
        at_most=Certainty.ESTABLISHED if after.is_certain or stacks else Certainty.SUSPECTED,
    )
