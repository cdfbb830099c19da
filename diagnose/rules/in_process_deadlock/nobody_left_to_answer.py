"""The main thread waits for another thread of its process, and the stacks show that none is left that could answer.

It puts into a queue that is full, takes from one that is empty, or waits for an event; whoever was to take, to put or to
set it has ended, was never started, or waits itself. A task of a pool that hands that pool more tasks and waits for them is
such a case: when all workers wait, none is left to begin the tasks.

Signs: the log ends with stacks in which the main thread stands in a wait of `queue`, `threading` or a future, and every other
thread idles in a pool or waits likewise; for a future, only where a thread beside it waits for one too; nothing was said after them, and they stood: seen twice, or followed by a long silence.
Near misses: another thread that works or waits for a server, a child or another process, which may answer yet; idle threads
of a pool beside a main thread that works; a loader that fetches ahead; a wait for the end of threads, pools or children; stacks of
a run that went on; work that was over.
Safety constraint: threads that leave no frame (of a C library) are not seen, so it stays below established; a wait for an
event, which a signal may end, stays a suspicion, and so does a place seen once.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.progress import Progress
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.standing import Standing, Stood
from diagnose.evidence.troubles import Troubles
from diagnose.evidence.waits import Waits, outside, own_call, waits_for, words_of
from diagnose.pieces import counter_piece, line_piece, plural, silence
from diagnose.rule import Cause, Certainty, Finding, Step, rule

STANDS_S = 900.0
WITHIN = frozenset({Waits.QUEUE, Waits.EVENT, Waits.FUTURE, Waits.IDLE})
"""Waits that only another thread of the same process ends."""
WANTED = {
    "queue-full": "room in a queue",
    "queue-empty": "an item of a queue",
    "queue-not-done": "the items of a queue to be done",
    "event-never-set": "an event or a condition",
    "pool-waits-for-itself": "the result of a task",
}


@rule(
    title="A wait that no thread is left to end",
    cause=Cause.IN_PROCESS_DEADLOCK,
    remedy=(
        Step("End the run; it will not go on by itself", "", "az ml job cancel --name RUN"),
        Step(
            "Look at who was to answer: it has ended, was not started, or waits too",
            "Start consumers before the queue can fill, tell them of an end, and give waits a time limit.",
            "items.put(item, timeout=600)\nitems.get(timeout=600)",
        ),
    ),
    extra=True,
)
def nobody_left_to_answer(
    run: RunRecord,
    standing: Standing,
    cadence: Cadence,
    progress: Progress | Missing,
    troubles: Troubles | Missing,
) -> Iterator[Finding]:
    """The main thread in a wait within its process, and all others idle or waiting."""
    if run.phase not in (Phase.OPEN, Phase.UNKNOWN) or cadence.produces:
        return
    over = not isinstance(progress, Missing) and progress.is_over
    stood = standing.seen_twice or (cadence.silence_s or 0.0) > STANDS_S
    if over or not stood or len(standing.processes) > 1:
        return
    [process] = standing.processes
    beside = {waits_for(thread) for thread in process.others}
    if process.waits not in WITHIN - {Waits.IDLE} or not beside <= WITHIN:
        return
    if process.waits is Waits.FUTURE and Waits.FUTURE not in beside:
        return  # whoever runs the task may leave no stack
    mechanism = _mechanism(process)
    wanted = WANTED[mechanism]
    place = words_of([own] if (own := own_call(process.main)) else [])
    others = (
        f"{plural(len(process.others), 'other thread')} {'waits' if len(process.others) == 1 else 'wait'} too"
    )
    alone = others if process.others else "no other thread is left"
    yield Finding(
        headline=f"The main thread waits for {wanted} at {place}, and {alone}; end the run, and look at who was to answer.",
        story=f"The log ends with the stacks of the process: the main thread stands at {place} and waits for {wanted}; {alone}."
        f" {_seen(standing)}Nothing in the process can end the wait.",
        evidence=(
            line_piece(
                process.main.head,
                f"The main thread stands at {place}, inside {words_of(outside(process.main))}.",
                direct=True,
            ),
            *counter_piece(progress),
            *silence(cadence),
        ),
        missing=() if process.times > 1 else ("the stacks once more (py-spy dump --pid PID)",),
        mechanism=mechanism,
        began_at=process.main.head.at,
        at_most=_at_most(process, troubles),
    )


def _at_most(process: Stood, troubles: Troubles | Missing) -> Certainty:
    """A failure before it may be why nobody answers; then this is its consequence."""
    failed = not isinstance(troubles, Missing) and bool(troubles.firm_or_last)
    events = Waits.EVENT in {process.waits, *(waits_for(thread) for thread in process.others)}
    weak = failed or events or process.times == 1
    return Certainty.SUSPECTED if weak else Certainty.SUPPORTED


def _mechanism(process: Stood) -> str:
    if process.waits is Waits.FUTURE:
        return "pool-waits-for-itself"
    if process.waits is Waits.EVENT:
        return "event-never-set"
    calls = {frame.function for frame in outside(process.main)}
    return "queue-full" if "put" in calls else "queue-empty" if "get" in calls else "queue-not-done"


def _seen(standing: Standing) -> str:
    times = min(process.times for process in standing.processes)
    return f"It was seen there {times} times. " if times > 1 else ""
