"""The program waits for something outside without a time limit, and its source says where.

A request that is not answered, a file that another job was to write, a file lock that somebody holds, a socket on which
nobody speaks, a loop that sleeps and looks again: without a time limit each of them waits for ever, and says nothing.

Signs: an open run that is silent before its work is over; the source comes from the statement that printed the last line
to such a wait, with no other statement that prints in between.
Near misses: a request, a session or a socket with a time limit; a loop that counts, that looks at a clock, that raises, that
prints or that looks at the run's own threads and children; a wait that comes after another line; a run that still
moves.
Safety constraint: the source shows that it can wait there, and not that it does: without the process's stacks it stays below
established, and without a pace of the run's own it is a suspicion.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.ranks import Ranks
from diagnose.evidence.source.outside import Outside
from diagnose.evidence.standstill import Standstill
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import line_piece, silence
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule

WHAT = {
    "answer": ("unanswered-request", "an answer to a request without a time limit"),
    "file": ("waits-for-file", "a file that something else is to write"),
    "message": ("waits-for-message", "a connection or a message that something else is to send"),
    "poll": ("polls-outside", "something outside that it looks for again and again"),
    "lock": ("waits-for-lock", "a file lock that something else holds"),
}


@rule(
    title="It waits without a time limit",
    cause=Cause.WAITING_ON_EXTERNAL,
    remedy=(
        Step(
            "Restore what it waits for", "The quoted source line names it; the run may then go on by itself."
        ),
        Step(
            "Give the wait a time limit",
            "",
            "requests.get(url, timeout=(5, 60))\nFileLock(path, timeout=600)",
        ),
    ),
)
def waits_without_limit(
    still: Standstill | Missing, cadence: Cadence, troubles: Troubles, ranks: Ranks | Missing
) -> Iterator[Finding]:
    """The source comes to a wait for something outside where the log stops."""
    if isinstance(still, Missing) or not isinstance(ranks, Missing):
        return
    if any(troubles.ends(t.match.path, t.last_line) for t in troubles.firm_or_last):
        return
    for statement in still.statements[:1]:
        wait = Outside(still.modules).wait_after(statement.path, statement.line)
        if wait is None:
            continue
        mechanism, words = WHAT[wait[0]]
        module, node = wait[1], wait[2]
        place = f"{module.path}:{node.lineno}"
        yield Finding(
            headline=f"The program most likely waits for {words} ({place}); restore it or end the run, and give the wait a time limit.",
            story=f"After the last line the source comes to {place}, which waits for {words}. Nothing was said since.",
            evidence=(
                Evidence(
                    EvidenceKind.CODE,
                    f"This line waits for {words}.",
                    None,
                    Source(module.path, node.lineno, module.text(node)),
                ),
                *silence(cadence),
                line_piece(still.last, "This is the last line, and the source comes from it to that wait."),
            ),
            missing=("the stacks of the process (py-spy dump --pid PID)",),
            mechanism=mechanism,
            began_at=still.last.at or cadence.last_at,
            at_most=Certainty.SUPPORTED if still.by_its_own_pace else Certainty.SUSPECTED,
        )
