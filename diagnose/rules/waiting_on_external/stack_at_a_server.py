"""The main thread waits for a server, and the stacks in the log show it.

Signs: the log ends with stacks in which the main thread stands in a connection, a handshake or an answer of HTTP, TLS or a
socket, and no other thread works; nothing was said after them, and they stood: seen twice, or followed by a long silence.
Near misses: a download that only takes its time; another thread that works, or children that do; a tracker's own sender; an event loop;
stacks of a run that went on.
Safety constraint: whether bytes still come is not seen: only before the first byte of the answer, at a place seen twice, is it
more than a suspicion.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.progress import Progress
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.standing import Standing
from diagnose.evidence.waits import Waits, is_answerless, outside, own_call, waits_for, words_of
from diagnose.pieces import counter_piece, line_piece, silence
from diagnose.rule import Cause, Certainty, Finding, Step, rule

STANDS_S = 900.0


@rule(
    title="The main thread waits for a server",
    cause=Cause.WAITING_ON_EXTERNAL,
    remedy=(
        Step(
            "Look at the server, and end the run if it does not come back", "", "az ml job cancel --name RUN"
        ),
        Step("Give the request a time limit", "", "requests.get(url, timeout=(5, 60))"),
    ),
    extra=True,
)
def stack_at_a_server(
    run: RunRecord, standing: Standing, cadence: Cadence, progress: Progress | Missing
) -> Iterator[Finding]:
    """The main thread in a call to a server, and nobody at work beside it."""
    if run.phase not in (Phase.OPEN, Phase.UNKNOWN) or cadence.produces:
        return
    stood = standing.seen_twice or (cadence.silence_s or 0.0) > STANDS_S
    if not stood or not standing.all_wait(Waits.SERVER):
        return
    process = standing.processes[0]
    # A child may work, and so may a thread in a call that leaves no frame.
    if {waits_for(thread) for thread in process.others} & {
        Waits.NOTHING,
        Waits.OTHER,
        Waits.CHILD,
        Waits.FUTURE,
    }:
        return
    place = words_of([own] if (own := own_call(process.main)) else [])
    sure = standing.seen_twice and all(is_answerless(each.main) for each in standing.processes)
    yield Finding(
        headline=f"The main thread waits for a server at {place}; look at the server, or end the run and give the request a time limit.",
        story=f"The log ends with the stacks of the process: the main thread stands at {place} and waits for a server's answer.",
        evidence=(
            line_piece(
                process.main.head,
                f"The main thread stands at {place}, inside {words_of(outside(process.main))}.",
                direct=True,
            ),
            *counter_piece(progress),
            *silence(cadence),
        ),
        missing=() if sure else ("whether bytes still come (ss -tip on the node)",),
        mechanism="unanswered-request",
        began_at=process.main.head.at,
        at_most=Certainty.SUPPORTED if sure else Certainty.SUSPECTED,
    )
