"""A thread takes a lock that it holds already, and waits for itself.

A plain `threading.Lock` does not know its holder. A function that takes it, called from a block that holds it, never returns.

Signs: the run's source takes a plain lock in a block that holds the same one, there or in a function that is called from
there; the log stops right before that place, in the middle of the work.
Near misses: an `RLock`; a lock of another object; an `acquire` with a time limit; a step between the last line and the lock
that may simply take long; a run that moves at its own pace.
Safety constraint: nothing of consequence may lie between the last printed line and the lock, unless both stand in one loop
whose rounds never took so long.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.standstill import Standstill
from diagnose.pieces import code_piece, line_piece, silence
from diagnose.rule import Cause, Certainty, Finding, Step, rule


@rule(
    title="A lock that is taken twice",
    cause=Cause.IN_PROCESS_DEADLOCK,
    remedy=Step(
        "Take the lock once, or make it an RLock",
        "Let the inner function do its work without the lock, and its callers hold it.",
        "lock = threading.RLock()",
        "An RLock hides that two parts of the program believe to own the same data.",
    ),
)
def lock_taken_twice(
    run: RunRecord, code: Code | Missing, still: Standstill | Missing, cadence: Cadence
) -> Iterator[Finding]:
    """The source comes to a lock that it holds already, and the log stops there."""
    if run.phase is not Phase.OPEN:
        return
    for found in findings_of(code, CodeKind.LOCK_TAKEN_TWICE):
        if isinstance(still, Missing) or not still.leads_to(found):
            continue
        yield Finding(
            headline=f"The main process most likely waits for a lock that it holds itself, at {found.path}:{found.line}; end the run and make it an RLock.",
            story=f"The log stops in the middle of the work, right before {found.path}:{found.line}, which {found.detail}. "
            "A plain lock cannot be taken again by its holder.",
            evidence=(
                code_piece(found, f"This line {found.detail}."),
                *silence(cadence),
                line_piece(still.last, "From the last line the source comes to that place."),
            ),
            missing=("the stacks of the process (py-spy dump --pid PID)",),
            mechanism="lock-taken-twice",
            began_at=still.last.at or cadence.last_at,
            at_most=Certainty.SUPPORTED,
        )
        return
