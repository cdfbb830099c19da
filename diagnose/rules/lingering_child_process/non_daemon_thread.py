"""A thread that is not a daemon keeps the interpreter alive after the main work is done.

Python joins every such thread before it exits. A monitor, a heartbeat or a watcher that loops for ever is never joined,
so the process never ends: under the v1 runtime, which runs the script inside its own process, the run stays Finalizing;
under the v2 runtime it stays Running.

Signs: the work is over (the driver, the source or the last words say so), no exit is recorded, and the run's source
starts a thread that nothing stops; or such a thread, and a log that ticks on while the rest has stopped; or a stack in
the log shows the main thread in `threading._shutdown`; or, v1, the client has cleaned up and no exit of the process
follows.
Near misses: a daemon thread does not hold the process; a thread that is joined later, or ended by an event that the main
flow sets; a run that failed, or whose end failed after the cleanup, which is evidence against it; a run whose last step is long and
still under way, whose counter is full because only the training is counted.
Safety constraint: the source alone makes no verdict, it names the thread for a run that lingers by other evidence.
"""

from collections.abc import Iterator

from diagnose.earlier import beyond_usual
from diagnose.evidence.afterwork import AfterWork
from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code, CodeFinding, CodeKind, findings_of
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogPattern, Logs
from diagnose.evidence.run import RunRecord
from diagnose.evidence.siblings import Siblings
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import (
    clock,
    code_piece,
    duration,
    end_of_work,
    ended_badly,
    exit_unseen,
    line_piece,
    silence,
)
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, quote, rule

SHUTDOWN_STACK = LogPattern(
    "stack of an interpreter that waits for its threads",
    r"(?:threading\.py\"?[,:)] (?:line )?[0-9]*,? ?(?:in )?_shutdown\b|\b_shutdown \(threading\.py:[0-9]+\))",
)

OTHER_HOLDERS = (
    CodeKind.EXIT_HOOK_BLOCKS,
    CodeKind.TASK_NEVER_ENDS,
    CodeKind.POOL_TASK_NEVER_ENDS,
    CodeKind.LOOP_NEVER_STOPPED,
    CodeKind.LOADER_WORKERS_KEPT,
    CodeKind.SERVER_NOT_STOPPED,
)
"""What else in the source can hold a process after its work; other rules speak of it."""


@rule(
    title="A thread outlives the main work",
    cause=Cause.LINGERING_CHILD_PROCESS,
    watches=(SHUTDOWN_STACK,),
    remedy=(
        Step(
            "Stop the thread and join it",
            "An Event that the loop looks at ends the thread at its next turn.",
            "stop = threading.Event()\n# in the thread: while not stop.wait(60): ...\nstop.set()\nthread.join(timeout=60)",
        ),
        Step(
            "Or make it a daemon",
            "Python does not wait for daemon threads.",
            "threading.Thread(target=watch, daemon=True).start()",
            "A daemon is cut off in the middle of whatever it does, a write included.",
        ),
    ),
    links=(
        "https://docs.python.org/3/library/threading.html#threading.Thread.daemon",
        "https://github.com/Azure/MachineLearningNotebooks/issues/321",
    ),
)
def non_daemon_thread(  # noqa: PLR0913, PLR0917  (what may contradict it)
    after: AfterWork,
    lifecycle: Lifecycle,
    cadence: Cadence,
    logs: Logs,
    code: Code | Missing,
    troubles: Troubles | Missing,
    run: RunRecord | Missing,
    siblings: Siblings | Missing,
) -> Iterator[Finding]:
    """The work is over, the process is not, and a thread is there to hold it."""
    stacks = [m for m in logs.matches(SHUTDOWN_STACK).kept[-1:] if after.is_open and not after.produces]
    threads = _threads(code, troubles)
    cleaned = _cleaned_and_not_gone(after, lifecycle, cadence)
    # The clean-up without an exit says that something holds the process, and the source may say what.
    if cleaned and not threads and findings_of(code, *OTHER_HOLDERS):
        cleaned = []
    # A consumer that nothing ends is a thread too; the rule for it says more.
    consumer = findings_of(code, CodeKind.QUEUE_GET_WITHOUT_SENTINEL)
    ticks = after.is_open and bool(after.ticks_on)
    if not stacks and not cleaned and not ((after.lingers or ticks) and threads and not consumer):
        return
    pieces = [
        *(
            quote(m, "A stack shows the interpreter waiting for its threads to end.", direct=True)
            for m in stacks
        ),
        *cleaned,
        *end_of_work(after),
        *exit_unseen(after, lifecycle),
        *(
            line_piece(line, "The log ticks on while metrics and outputs have stopped.")
            for line in after.ticks_on[-1:]
        ),
        *silence(cadence),
        *(() if isinstance(run, Missing) else beyond_usual(run, cadence, siblings)),
        *(
            code_piece(f, f"{f.path} starts a thread that is not a daemon, and nothing joins it.")
            for f in threads[:3]
        ),
    ]
    where = f" ({threads[0].path}, line {threads[0].line})" if threads else ""
    since = f" {duration(after.idle_s)} ago" if after.idle_s else ""
    yield Finding(
        headline=f"The main work ended{since}, but a thread that it started{where} keeps the process alive; stop and join it, or make it a daemon.",
        story=f"The work was over at {clock(after.ended_at)}. Python waits for every thread that is not a daemon before "
        "it exits, so the process lives on, the runtime waits for it, and the run stays open.",
        evidence=tuple(pieces),
        against=() if stacks else tuple(ended_badly(lifecycle, troubles)),
        missing=()
        if stacks
        else ("the stacks of the process (py-spy dump --pid PID names the thread and its line)",),
        mechanism="non-daemon-thread",
        began_at=after.ended_at,
        at_most=Certainty.ESTABLISHED if after.is_certain or stacks or cleaned else Certainty.SUSPECTED,
    )


def _threads(code: Code | Missing, troubles: Troubles | Missing) -> list[CodeFinding]:
    """The threads that nothing ends; one that runs a server is known to another rule.

    A main flow that died on its way sets no event any more.
    """
    servers = findings_of(code, CodeKind.SERVER_NOT_STOPPED)
    died = not isinstance(troubles, Missing) and any(t.ended_a_program for t in troubles.all)
    kinds = (CodeKind.THREAD_NOT_JOINED, *((CodeKind.THREAD_ENDED_BY_EVENT,) if died else ()))
    return [
        thread
        for thread in findings_of(code, *kinds)
        if not any(s.path == thread.path and thread.line <= s.line <= thread.last_line for s in servers)
    ]


def _cleaned_and_not_gone(after: AfterWork, lifecycle: Lifecycle, cadence: Cadence) -> list[Evidence]:
    """v1: `Cleanup took` without an exit after it, long after; seen in public in a run held by a thread."""
    cleanup = lifecycle.cleanup_ended
    if (
        not after.is_open
        or lifecycle.runtime != "v1"
        or cleanup is None
        or lifecycle.exited
        or cadence.now is None
    ):
        return []
    if cleanup.at is None or (cadence.now - cleanup.at).total_seconds() < 600:
        return []
    waited = duration((cadence.now - cleanup.at).total_seconds())
    return [
        quote(cleanup, "The client had cleaned up, which it does when the script has returned."),
        Evidence(
            EvidenceKind.ABSENCE,
            f"No exit of the process follows in the {waited} after it.",
            channel="runtime",
        ),
    ]
