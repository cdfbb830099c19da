"""The service says that the run is open, and the runtime says that the process ended long ago.

Signs: the exit and the end of the execution are in the runtime's logs, and the status has not followed for far longer than
the seconds that it takes in healthy runs.
Near misses: Finalizing, in which outputs are collected; a capture within minutes of the exit; an execution that was not
ended because a child holds it.
Safety constraint: the exit must be recorded; a silent process is not an ended one.
"""

from collections.abc import Iterator

from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.lifecycle import Lifecycle, UserProcess
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import clock, duration
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, quote, rule

LONG_S = 1800.0


@rule(
    title="The status did not follow the process",
    cause=Cause.SERVICE_SIDE,
    remedy=(
        Step(
            "Cancel the run once its outputs are checked",
            "",
            "az ml job cancel --name RUN",
            "It then counts as Canceled.",
        ),
        Step("Open a support case with the run's id and the times below"),
    ),
)
def status_contradicts_process(run: RunRecord, lifecycle: Lifecycle, cadence: Cadence) -> Iterator[Finding]:
    """Open by the service's word, ended by the runtime's."""
    done = lifecycle.execution_ended or lifecycle.released
    if (
        run.phase is not Phase.OPEN
        or (run.status or "").lower() == "finalizing"
        or done is None
        or done.at is None
    ):
        return
    if lifecycle.process is not UserProcess.EXITED or cadence.now is None or cadence.beat is Beat.ALIVE:
        return
    waited = (cadence.now - done.at).total_seconds()
    lived = lifecycle.last_line_at
    still_at_it = lived is not None and (cadence.now - lived).total_seconds() < LONG_S / 2
    if waited < LONG_S or still_at_it:
        return
    yield Finding(
        headline=f"The process ended {duration(waited)} ago and the service still says {run.status}; check the outputs, cancel the run, and report it.",
        story=f"The runtime ended the execution at {clock(done.at)}. The status has not followed since, which takes seconds in a "
        "healthy run.",
        evidence=(
            quote(done, "The runtime recorded the end of the execution."),
            Evidence(
                EvidenceKind.STATUS, f"The service says {run.status}, {duration(waited)} later.", cadence.now
            ),
        ),
        mechanism="status-not-updated",
        began_at=done.at,
        at_most=Certainty.SUPPORTED,
    )
