"""The run had begun, lost its node, and waits in the queue for another one.

Low-priority nodes are taken away while a run is at work; the service then puts the run back into the queue.

Signs: the history of the status goes from Running back to Queued or Preparing, or the runtime left the folder of a later
attempt; and the run has not begun again.
Near misses: a run that has never begun; one that was requeued and is at work again, or has ended.
Safety constraint: that the node was taken is told by nobody here: it is the history that shows it.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.run import Phase, RunRecord, StatusChange, phase_of
from diagnose.pieces import clock, duration
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, rule


@rule(
    title="Requeued after it lost its node",
    cause=Cause.RESOURCE_KILL,
    remedy=(
        Step("Wait for a node, or run it on dedicated ones", "", "az ml compute create --tier dedicated ..."),
        Step("Let the script go on from its last checkpoint", "What an attempt did is lost otherwise."),
    ),
)
def requeued(run: RunRecord, cadence: Cadence, lifecycle: Lifecycle | Missing) -> Iterator[Finding]:
    """From Running back to before the start."""
    if run.phase is not Phase.BEFORE_START:
        return
    began = next((c for c in run.status_history if phase_of(c.status) is Phase.OPEN), None)
    back = _back(run, began) if began else None
    tries = 1 if isinstance(lifecycle, Missing) else lifecycle.attempts
    low = run.priority == "low"
    if began is None or back is None:
        return
    waited = f" for {duration((cadence.now - back.at).total_seconds())}" if cadence.now and back.at else ""
    yield Finding(
        headline=f"The run had begun and lost its node; it has been {run.status} again{waited}. Wait for a node, or use dedicated ones.",
        story=f"It began at {clock(began.at)} and went back to {back.status} at {clock(back.at)}: the service starts it over on another node.",
        evidence=(
            Evidence(
                EvidenceKind.STATUS, f"The status went from {began.status} back to {back.status}.", back.at
            ),
            *(
                [Evidence(EvidenceKind.STATUS, "Its nodes are of low priority.", None, channel="compute")]
                if low
                else []
            ),
            *(
                [
                    Evidence(
                        EvidenceKind.LOG,
                        f"The runtime's logs hold {tries} attempts.",
                        None,
                        channel="runtime",
                    )
                ]
                if tries > 1
                else []
            ),
        ),
        mechanism="requeued",
        began_at=back.at,
        at_most=Certainty.SUPPORTED,
    )


def _back(run: RunRecord, began: StatusChange) -> StatusChange | None:
    later = run.status_history[run.status_history.index(began) + 1 :]
    return next((change for change in later if phase_of(change.status) is Phase.BEFORE_START), None)
