"""The node is gone: its heartbeat stopped in the middle of the work, and nothing on it has spoken since.

The service keeps the last status word that it had, or says NotResponding; the process went with its node.

Signs: the run is open; its heartbeat is long overdue, or the service says NotResponding; and the runtime's own logs, which
tick while the node lives, and the user's log stopped with it.
Near misses: a run whose heartbeat was never recorded; a process whose end is recorded; a heartbeat that is overdue while the
log, the metrics or the outputs still move; logs that were read up to the end of what had been uploaded an hour ago.
Safety constraint: the heartbeat and the runtime's clock must both have stopped; one of them alone is a suspicion.
"""

from collections.abc import Iterator
from datetime import datetime

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.lifecycle import Lifecycle, UserProcess
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import clock, duration, silence
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, rule

OVERDUE_S = 1800.0
"""Heartbeats come every few minutes, the runtime's own lines every 40 s."""
TOGETHER_S = 900.0


@rule(
    title="The node was lost",
    cause=Cause.RESOURCE_KILL,
    remedy=(
        Step(
            "Cancel the run and start it again, from its last checkpoint",
            "Nothing on that node will answer.",
            "az ml job cancel --name RUN",
        ),
        Step(
            "Look at the node's state in the compute's list of nodes", "", "az ml compute show --name COMPUTE"
        ),
    ),
)
def node_lost(run: RunRecord, cadence: Cadence, lifecycle: Lifecycle | Missing) -> Iterator[Finding]:
    """Heartbeat and runtime stopped together, in an open run."""
    now = cadence.now
    if run.phase is not Phase.OPEN or now is None or cadence.beat is Beat.ALIVE or cadence.produces:
        return
    if not isinstance(lifecycle, Missing) and lifecycle.process is UserProcess.EXITED:
        return
    if (run.status or "").lower() == "finalizing":
        return  # the node may be given back by then, and its heartbeat ends with it
    lost = (run.status or "").replace(" ", "").lower() == "notresponding"
    beat = _overdue(run.heartbeat_at, now)
    ticked = _overdue(cadence.runtime_at, now)
    spoken = (cadence.runtime_at or cadence.last_at) is not None and not ticked
    if not (lost or beat) or (spoken and not lost) or _spoke_after(run, cadence):
        return
    at = run.heartbeat_at or cadence.runtime_at or cadence.last_at
    since = f" {duration((now - at).total_seconds())} ago" if at else ""
    yield Finding(
        headline=f"The node was lost: its last heartbeat came{since} and nothing on it has spoken since; cancel the run and start it again.",
        story=f"The node lived at {clock(at)}. The service has kept the status {run.status}, but no process is there any more.",
        evidence=(
            *([_said(run)] if lost else []),
            *([_stopped("heartbeat", run.heartbeat_at, now, "heartbeat")] if beat else []),
            *([_stopped("runtime's own log", cadence.runtime_at, now, "runtime")] if ticked else []),
            *silence(cadence),
        ),
        missing=("the state of the node in the compute's list of nodes",),
        mechanism="node-lost",
        began_at=at,
        at_most=Certainty.SUPPORTED,
    )


def _overdue(at: datetime | None, now: datetime) -> bool:
    return at is not None and (now - at).total_seconds() > OVERDUE_S


def _spoke_after(run: RunRecord, cadence: Cadence) -> bool:
    """Whether the user's work gave a sign of life well after the heartbeat stopped."""
    if run.heartbeat_at is None or cadence.last_at is None:
        return False
    return (cadence.last_at - run.heartbeat_at).total_seconds() > TOGETHER_S


def _said(run: RunRecord) -> Evidence:
    return Evidence(EvidenceKind.STATUS, f"The service says {run.status}.", run.last_changed_at)


def _stopped(what: str, at: datetime | None, now: datetime, channel: str) -> Evidence:
    quiet = duration((now - at).total_seconds()) if at else "long"
    return Evidence(EvidenceKind.ABSENCE, f"Nothing in the {what} for {quiet}.", at, channel=channel)
