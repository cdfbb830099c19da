"""The threads of the main process wait for each other, and the stacks in the log show it.

One thread holds what another waits for, and the other way round; or a thread waits for a lock that it holds itself; or every
thread waits, and so nobody is left to let go.

Signs: the log ends with the stacks of the threads (faulthandler, py-spy); by the run's source, the line in which a thread
stands takes a lock without a time limit, and the calls below it, or those of another thread, stand in a block that holds it.
Near misses: stacks written on a timer in a run that went on; a thread that waits while another one works; a wait with a time
limit; a lock that may be taken again by its holder; a main process that waits for a child, which is then to blame.
Safety constraint: the stacks must be the end of the log, and must have stood as they are: seen twice, or followed by a long
silence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diagnose.evidence.blocking import Blocked, Blocking, Wait
from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import line_piece, silence
from diagnose.rule import Cause, Certainty, Evidence, Finding, Step, rule

STANDS_S = 900.0
ENDLESS = (Wait.LOCK, Wait.JOIN, Wait.QUEUE, Wait.IDLE)
WITHOUT_A_THIRD = frozenset({Wait.LOCK, Wait.JOIN, Wait.IDLE})


@dataclass(frozen=True, slots=True)
class Knot:
    """Who waits for whom."""

    mechanism: str
    words: str
    threads: tuple[Blocked, ...]
    certainty: Certainty


@rule(
    title="Threads that wait for each other",
    cause=Cause.IN_PROCESS_DEADLOCK,
    remedy=(
        Step(
            "End the run; it will not go on by itself",
            "Copy what is whole first.",
            "az ml job cancel --name RUN",
        ),
        Step(
            "Take the locks in one order everywhere, or hold one at a time",
            "A function that is called under a lock must not take it again.",
            "first, second = sorted((a, b), key=id)\nwith first.lock, second.lock: ...",
        ),
    ),
)
def threads_wait_for_each_other(
    run: RunRecord, blocking: Blocking | Missing, cadence: Cadence
) -> Iterator[Finding]:
    """A knot of waits in the stacks that the log ends with."""
    if isinstance(blocking, Missing):
        return
    stood = blocking.same > 1 or (cadence.silence_s or 0.0) > STANDS_S
    if run.phase is not Phase.OPEN or cadence.produces or not stood:
        return
    knot = _twice(blocking) or _crossed(blocking.threads) or _all_wait(blocking.threads)
    if knot is None:
        return
    seen = f" The same stacks were written {blocking.same} times." if blocking.same > 1 else ""
    yield Finding(
        headline=f"The main process is deadlocked: {knot.words}; end the run, and mend the order in which locks are taken.",
        story=f"The log ends with the stacks of all threads, and {knot.words}.{seen} Nothing in the process can end the wait.",
        evidence=(*_pieces(knot), *silence(cadence)),
        mechanism=knot.mechanism,
        began_at=knot.threads[0].thread.head.at,
        at_most=knot.certainty,
    )


def _twice(blocking: Blocking) -> Knot | None:
    for each in blocking.threads:
        if each.wanted and each.wanted in each.held - blocking.reentrant:
            words = f"a thread waits for {each.wanted[1]}, which it holds itself"
            return Knot("lock-taken-twice", words, (each,), Certainty.ESTABLISHED)
    return None


def _crossed(threads: Sequence[Blocked]) -> Knot | None:
    for one in threads:
        for other in threads:
            crossed = one.wanted in other.held and other.wanted in one.held
            if one is not other and one.wanted and one.wanted != other.wanted and crossed:
                assert other.wanted is not None  # noqa: S101  (told to mypy)
                words = f"one thread holds {other.wanted[1]} and waits for {one.wanted[1]}, and another does the reverse"
                return Knot("lock-order", words, (one, other), Certainty.ESTABLISHED)
    return None


def _all_wait(threads: Sequence[Blocked]) -> Knot | None:
    """Every thread waits, and at least one for a lock: whoever holds it waits too."""
    kinds = {each.wait for each in threads}
    locked = tuple(each for each in threads if each.wait is Wait.LOCK)
    if not locked or not kinds <= {*ENDLESS, Wait.OTHER} or not any(t.thread.is_main for t in threads):
        return None
    # A wait that somebody outside may end might let go of the lock after all.
    certainty = Certainty.ESTABLISHED if kinds <= WITHOUT_A_THIRD else Certainty.SUSPECTED
    words = "every thread waits, and none is left to let go of the lock"
    return Knot("lock-order" if len(locked) > 1 else "lock-never-released", words, locked[:3], certainty)


def _pieces(knot: Knot) -> Iterator[Evidence]:
    for each in knot.threads:
        at = f" at {each.at.path.rpartition('/')[2]}:{each.at.line} in {each.at.function}" if each.at else ""
        yield line_piece(
            each.thread.head, f"A thread stands{at} and waits for {each.wait.value}.", direct=True
        )
