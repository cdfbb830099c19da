"""A child run is still open although its parent was closed: nothing waits for it, and nobody will end it.

The parent was closed as Completed without it, or canceled, and the cancellation never reached the child. It goes on
holding its node, and what it was to make is not in the parent's results.

Signs: the parent says Completed, or was canceled, and a child that began before that end is still open.
Near misses: a child that began after the end, which somebody submitted later; a child that was canceled with its parent,
or that is being canceled within minutes of it; reused steps, which were Completed from the start; a parent that failed,
whose failure is what to look at.
Safety constraint: within minutes of the parent's end a child's record may lag behind and is no more than a suspicion.
"""

from collections.abc import Iterator

from diagnose.evidence.cadence import Cadence
from diagnose.evidence.children import Child, Children
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import child_piece, clock, siblings_piece, some, status
from diagnose.rule import Cause, Certainty, Finding, Step, rule

RECORDS_LAG_S = 300.0
"""From the parent's last step to its own end it took seconds in recorded runs."""
CANCEL_TAKES_S = 900.0


@rule(
    title="A child run was left behind by its parent",
    cause=Cause.LINGERING_CHILD_RUN,
    remedy=(
        Step(
            "Cancel the child",
            "Nothing waits for it any more, and it holds its node.",
            "az ml job cancel --name CHILD-RUN-ID",
            "What it has not yet written is lost.",
        ),
        Step("Diagnose the child itself", "It may still be at work.", "diagnose CHILD-RUN-ID"),
    ),
)
def orphaned_child(run: RunRecord, children: Children, cadence: Cadence) -> Iterator[Finding]:
    """Open children of a closed parent."""
    left = [c for c in children.open if _is_of(c, run)]
    if not left or run.phase not in (Phase.COMPLETED, Phase.CANCELED):
        return
    waited = _since_end(run, cadence)
    canceled = run.phase is Phase.CANCELED
    if canceled and (waited is None or waited < CANCEL_TAKES_S):
        return
    soon = waited is not None and waited < RECORDS_LAG_S
    names = some(c.display_name or c.run_id for c in left)
    how = "canceled" if canceled else "closed as Completed"
    yield Finding(
        headline=f"The child run {names} is still {left[0].status}, and its parent was {how} without it; look at the child.",
        story=f"The parent was {how} at {clock(run.ended_at)}. {children.told} and {names} "
        f"{'has' if len(left) == 1 else 'have'} not; its last sign of life was {clock(left[0].last_own_sign or left[0].started_at)}.",
        evidence=(
            *(
                child_piece(c, f"says {c.status} although its parent has ended", direct=True)
                for c in left[:5]
            ),
            status(run),
            *siblings_piece(children),
        ),
        missing=("the children again in five minutes: their records may lag behind",) if soon else (),
        mechanism="child-outlived-cancel" if canceled else "orphaned-child",
        began_at=left[0].last_own_sign or left[0].started_at,
        subjects=frozenset(c.run_id for c in left),
        at_most=Certainty.SUSPECTED if soon or canceled else Certainty.ESTABLISHED,
    )


def _is_of(child: Child, run: RunRecord) -> bool:
    """Whether it began before its parent's end, as far as the times are known."""
    began = child.started_at or child.created_at
    return run.ended_at is None or began is None or began <= run.ended_at


def _since_end(run: RunRecord, cadence: Cadence) -> float | None:
    if run.ended_at is None or cadence.captured_at is None:
        return None
    return (cadence.captured_at - run.ended_at).total_seconds()
