"""The run has not started: it waits in the queue, for nodes, or for its image.

Signs: the service's status is one of those before the start, long after the run was created.
Near misses: a run that was created minutes ago; one that had begun and was put back into the queue; a Running status while the runtime still prepares.
Safety constraint: how long is too long depends on the cluster; the wait is stated, not judged.
"""

from collections.abc import Iterator

from diagnose.evidence.cadence import Cadence
from diagnose.evidence.run import Phase, RunRecord, phase_of
from diagnose.pieces import clock, duration
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, rule

WAITS_FOR = {
    "queued": "for nodes of its compute",
    "preparing": "for its image and data",
    "provisioning": "for its nodes to be made",
    "starting": "for the service to start it",
    "notstarted": "for the service to take it up",
    "unapproved": "for an approval",
}
LONG_S = 900.0


@rule(
    title="It waits to be started",
    cause=Cause.SERVICE_SIDE,
    remedy=(
        Step("Look at the quota and the nodes of the compute", "", "az ml compute show --name COMPUTE"),
        Step(
            "Look at the build of the environment's image", "Its log is azureml-logs/20_image_build_log.txt."
        ),
    ),
)
def waits_before_start(run: RunRecord, cadence: Cadence) -> Iterator[Finding]:
    """A status before the start, for long."""
    if run.phase is not Phase.BEFORE_START or cadence.now is None:
        return
    if any(phase_of(change.status) is Phase.OPEN for change in run.status_history):
        return  # it had begun: that it waits again has an earlier cause
    told = [change for change in run.status_history if change.status == run.status and change.at]
    since = told[-1].at if told else run.created_at
    if since is None:
        return
    waited = (cadence.now - since).total_seconds()
    if waited < LONG_S:
        return
    what = WAITS_FOR.get((run.status or "").lower(), "for the service")
    yield Finding(
        headline=f"The run has not started: it has been {run.status} for {duration(waited)}, waiting {what}; look at the compute's quota and nodes.",
        story=f"Since {clock(since)} the service says {run.status}. The user's process does not exist yet, so nothing in the "
        "script can be the cause.",
        evidence=(
            Evidence(
                EvidenceKind.STATUS,
                f"The service has said {run.status} for {duration(waited)}.",
                since,
                direct=True,
            ),
        ),
        mechanism=(run.status or "waiting").lower(),
        began_at=since,
        at_most=Certainty.SUPPORTED,
    )
