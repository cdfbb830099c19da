"""The script started a program with `Popen` (or a shell with `&`) and came to its end without waiting for it.

The runtime waits for everyone who holds the script's output, and a child inherits it. A server, a watcher or a
post-processing step that never ends holds the run open for ever.

Signs: the work is over and no end of the execution is recorded; the run's source starts a child that nothing waits for,
or Python itself warned `subprocess N is still running`.
Near misses: `subprocess.run` waits; a child that is waited for, terminated or used as a context manager; a child that
still produces what the script was asked for, whose log or outputs move.
Safety constraint: the source alone makes no verdict, it names the child for a run that lingers by other evidence.
"""

from collections.abc import Iterator

from diagnose.evidence.afterwork import AfterWork
from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogPattern, Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import clock, code_piece, end_of_work, exit_unseen, silence
from diagnose.rule import Cause, Certainty, Finding, Step, quote, rule

STILL_RUNNING = LogPattern(
    "python warned of a running child", r"ResourceWarning: subprocess (?P<pid>[0-9]+) is still running"
)


@rule(
    title="A started program was never waited for",
    cause=Cause.LINGERING_CHILD_PROCESS,
    watches=(STILL_RUNNING,),
    remedy=Step(
        "Wait for the child, with a limit, and look at its exit code",
        "",
        "child = subprocess.Popen(command)\n...\nif child.wait(timeout=600) != 0:\n    raise RuntimeError('post-processing failed')",
        "A limit that is too short ends a child that was merely slow.",
    ),
    links=("https://docs.python.org/3/library/subprocess.html#subprocess.Popen",),
)
def unwaited_subprocess(  # noqa: PLR0913, PLR0917  (each is a fact that it needs)
    run: RunRecord, after: AfterWork, lifecycle: Lifecycle, cadence: Cadence, logs: Logs, code: Code | Missing
) -> Iterator[Finding]:
    """The work is over, the execution is not, and a child is there to hold it."""
    warned = [m for m in logs.matches(STILL_RUNNING).kept[-1:] if run.phase is Phase.OPEN]
    children = findings_of(code, CodeKind.POPEN_NOT_WAITED, CodeKind.PROCESS_NOT_JOINED)
    lingers = after.lingers or (after.is_open and after.is_held)
    if not (warned and after.is_open) and not (lingers and children):
        return
    where = f" ({children[0].path}, line {children[0].line})" if children else ""
    yield Finding(
        headline=f"The script came to its end without waiting for a program that it had started{where}, and that program holds the run open; wait for it or end it.",
        story=f"The work was over at {clock(after.ended_at)}. A child that the script started and did not wait for inherits "
        "its output streams; the runtime waits until they are closed, and the run stays open.",
        evidence=(
            *(
                quote(m, "Python said at the end that a child was still running.", direct=True)
                for m in warned
            ),
            *end_of_work(after),
            *exit_unseen(after, lifecycle),
            *silence(cadence),
            *(code_piece(f, f"{f.path} starts a child that nothing waits for.") for f in children[:3]),
        ),
        missing=("the processes of the node (ps -ef --forest, on the node, names the child)",),
        mechanism="child-process",
        began_at=after.ended_at,
        at_most=Certainty.ESTABLISHED
        if after.is_certain or warned or after.exit_held
        else Certainty.SUSPECTED,
    )
