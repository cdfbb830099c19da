"""Two threads take two locks in opposite orders; each gets one and waits for the other's.

Signs: the run's source takes one lock under another in one function, and the other under the one in another function, in a
program that starts threads; the log, whose last line is from one of the two, has fallen silent by the run's own pace.
Near misses: locks that are always taken in one order; a third lock around both; functions that no thread runs; a long
step in which the log is silent; a run whose work is over.
Safety constraint: the order in the source is a danger and no proof; without stacks the verdict stays below established.
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
    title="Two locks in two orders",
    cause=Cause.IN_PROCESS_DEADLOCK,
    remedy=Step(
        "Take the two locks in one order everywhere",
        "Or hold only one at a time.",
        "with first, second: ...  # the same two names in the same order, in every function",
    ),
)
def locks_in_opposite_order(
    run: RunRecord, code: Code | Missing, still: Standstill | Missing, cadence: Cadence
) -> Iterator[Finding]:
    """Opposite orders in the source, and a silence that begins in one of the two functions."""
    if run.phase is not Phase.OPEN:
        return
    if isinstance(still, Missing):
        return
    found = findings_of(code, CodeKind.LOCKS_IN_OPPOSITE_ORDER)
    near = [each for each in found if still.is_in_function_of(each)]
    if not near or not still.by_its_own_pace:
        return
    places = " and ".join(dict.fromkeys(f"{each.path}:{each.line}" for each in found[:2]))
    yield Finding(
        headline=f"Two threads most likely wait for each other's lock, at {places}; end the run, and take the locks in one order.",
        story=f"The log stops in the middle of the work, in a function that takes two locks: {near[0].detail}. When each "
        "thread has got its first lock, both wait for good.",
        evidence=(
            *(code_piece(each, f"In the source, {each.detail}.") for each in found[:2]),
            *silence(cadence),
            line_piece(still.last, "The last line is from one of these functions."),
        ),
        missing=("the stacks of the process (py-spy dump --pid PID)",),
        mechanism="lock-order",
        began_at=still.last.at or cadence.last_at,
        at_most=Certainty.SUPPORTED,
    )
