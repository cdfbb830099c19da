"""A consumer thread waits in `queue.get()` for an item that never comes, because nobody tells it that there are no more.

The typical one saves checkpoints in the background: the main loop ends, the saver blocks for ever, the interpreter waits
for the saver, and what was queued last may never be written.

Signs: the work is over and no exit is recorded; the source has a loop around `get()` without a sentinel or a time limit.
Near misses: a sentinel (`None`) that ends the loop; `get(timeout=…)`; a consumer that is a daemon thread.
Safety constraint: the source alone makes no verdict, it names the consumer for a run that lingers by other evidence.
"""

from collections.abc import Iterator

from diagnose.evidence.afterwork import AfterWork
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code, CodeKind
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.pieces import clock, code_piece, end_of_work, exit_unseen, silence
from diagnose.rule import Cause, Certainty, Finding, Step, rule


@rule(
    title="A queue's consumer was never told to stop",
    cause=Cause.LINGERING_CHILD_PROCESS,
    remedy=Step(
        "Send a sentinel, wait for the queue, join the consumer",
        "",
        "jobs.put(None)        # the consumer leaves its loop at None\nconsumer.join(timeout=600)",
        "Without the join the process may still end before the last item is written.",
    ),
    links=("https://docs.python.org/3/library/queue.html#queue.Queue.join",),
)
def queue_consumer_without_sentinel(
    after: AfterWork, lifecycle: Lifecycle, cadence: Cadence, code: Code
) -> Iterator[Finding]:
    """The work is over, the process is not, and a consumer has no way to end."""
    loops = code.of(CodeKind.QUEUE_GET_WITHOUT_SENTINEL)
    held = code.of(CodeKind.THREAD_NOT_JOINED, CodeKind.PROCESS_NOT_JOINED, CodeKind.POOL_NOT_CLOSED)
    daemons = code.of(CodeKind.DAEMON_THREAD)
    if not after.lingers or not loops or (daemons and not held):
        return
    loop = loops[0]
    yield Finding(
        headline=f"The main work ended, but a queue's consumer ({loop.path}, line {loop.line}) waits for items for ever and keeps the process alive; send it a sentinel and join it.",
        story=f"The work was over at {clock(after.ended_at)}. The consumer blocks in get(); nothing tells it that no item will "
        "come. The interpreter waits for the consumer, the runtime for the interpreter, and the run stays open.",
        evidence=(
            *end_of_work(after),
            *exit_unseen(after, lifecycle),
            *silence(cadence),
            *(
                code_piece(f, f"{f.path} takes from a queue in a loop that has no way to end.")
                for f in loops[:3]
            ),
        ),
        missing=("the stacks of the process (py-spy dump --pid PID shows the thread in get)",),
        mechanism="queue-consumer-without-sentinel",
        began_at=after.ended_at,
        at_most=Certainty.ESTABLISHED if after.is_certain or after.exit_held else Certainty.SUSPECTED,
    )
