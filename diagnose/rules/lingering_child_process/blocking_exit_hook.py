"""A hook that runs when the interpreter exits never comes to its end.

What `atexit.register` and `weakref.finalize` were given, and every `__del__`, runs after the main work. One that joins a
thread, waits for a condition, takes from a queue or loops until something happens keeps the process for ever when that
does not happen; often because daemon threads, which it waits for, stop working at the exit.

Signs: the work is over and no exit is recorded, and the run's source registers such a function without a time limit in it;
or a stack in the log shows the interpreter at its exit functions.
Near misses: a hook that waits with a time limit; one that only writes or closes; an exit flush of a client that says how
long it waits, which is a wait for the service; an exception that a hook raised, which ended it.
Safety constraint: the source alone makes no verdict, it names the hook for a run that lingers by other evidence.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.afterwork import AfterWork
from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogPattern, Logs
from diagnose.pieces import after_the_work, clock, code_piece
from diagnose.rule import Cause, Certainty, Finding, Step, quote, rule

RAISED = re.compile(r"^\s*Error in (?:atexit\.|sys\.exitfunc)")
"""The header of an exception that a hook raised: it came to its end."""
EXIT_FUNCTIONS = LogPattern(
    "stack of an interpreter at its exit functions",
    r"\b(?:atexit_)?_?run_exitfuncs\b|\batexit_callfuncs\b"
    r"|weakref\.py\"?[,:)] (?:line )?[0-9]*,? ?(?:in )?_exitfunc\b|\b_exitfunc \(weakref\.py:[0-9]+\)",
)


@rule(
    title="An exit hook never comes to its end",
    cause=Cause.LINGERING_CHILD_PROCESS,
    watches=(EXIT_FUNCTIONS,),
    remedy=Step(
        "Bound what the hook waits for, or do it before the end",
        "Call it yourself as the last step of the work, with a time limit that raises; leave nothing to the exit.",
        "telemetry.close(timeout=60)   # instead of atexit.register(telemetry.close)",
        "What has not been sent within the limit is lost; say so in the log.",
    ),
    links=("https://docs.python.org/3/library/atexit.html",),
)
def blocking_exit_hook(
    after: AfterWork, lifecycle: Lifecycle, cadence: Cadence, logs: Logs, code: Code | Missing
) -> Iterator[Finding]:
    """The work is over, the process is not, and a hook is there to hold it."""
    if lifecycle.cleanup_began and not lifecycle.cleanup_ended:
        return  # the hook is the client's own flush, and waits for the service
    told = [m for m in logs.matches(EXIT_FUNCTIONS).kept if not RAISED.search(m.text)]
    stacks = told[-1:] if after.is_open and not after.produces else []
    hooks = findings_of(code, CodeKind.EXIT_HOOK_BLOCKS)
    if not stacks and not (after.lingers and hooks):
        return
    where = f" ({hooks[0].path}, line {hooks[0].line}: {hooks[0].detail})" if hooks else ""
    yield Finding(
        headline=f"The main work ended, but a hook that runs at exit{where} does not come to its end; give it a time limit.",
        story=f"The work was over at {clock(after.ended_at)}. The interpreter then runs its exit hooks and finalisers, and one "
        "of them waits for ever; the runtime waits for the interpreter, and the run stays open.",
        evidence=(
            *(quote(m, "A stack shows the interpreter at its exit functions.", direct=True) for m in stacks),
            *after_the_work(after, lifecycle, cadence),
            *(code_piece(f, f"{f.path}: {f.detail}.") for f in hooks[:3]),
        ),
        missing=()
        if stacks
        else ("the stacks of the process (py-spy dump --pid PID names the hook and its line)",),
        mechanism="blocking-exit-hook",
        began_at=after.ended_at,
        at_most=Certainty.ESTABLISHED if stacks else _ceiling(after, code),
    )


FIRST = (CodeKind.THREAD_NOT_JOINED, CodeKind.TASK_NEVER_ENDS, CodeKind.LOOP_NEVER_STOPPED)
"""What the interpreter waits for before it runs any hook."""


def _ceiling(after: AfterWork, code: Code | Missing) -> Certainty:
    sure = after.is_certain and not findings_of(code, *FIRST)
    return Certainty.SUPPORTED if sure else Certainty.SUSPECTED
