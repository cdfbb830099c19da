"""The process has ended, the run is Finalizing, and the collection of its outputs does not come to an end.

Finalizing means that the service collects outputs. In healthy runs that took 6 to 11 seconds, and longer for many or
large files; the logs stop in that phase in healthy runs too.

Signs: the status has been Finalizing for far longer than the run's outputs can take; the user's process is known to have
ended; nothing new is written to the outputs.
Near misses: v1, where Finalizing begins while the user's process still lives (a thread holds it); an upload of many
gigabytes, whose outputs grow; a capture within minutes of the exit.
Safety constraint: without a recorded exit this is not an upload that hangs but a process that lingers.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.lifecycle import Lifecycle, UserProcess
from diagnose.evidence.outputs import Outputs
from diagnose.evidence.run import RunRecord
from diagnose.pieces import clock, duration, silence
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule

LONG_S = 1800.0


@rule(
    title="The collection of the outputs never ended",
    cause=Cause.UNFLUSHED_OUTPUT,
    remedy=(
        Step(
            "Check the outputs, then cancel the run",
            "What was collected stays.",
            "az ml job cancel --name RUN",
            "Outputs that were not yet collected are lost with the node.",
        ),
        Step("Open a support case with the run's id", "The collection is the service's own work."),
    ),
    links=("https://github.com/Azure/MachineLearningNotebooks/issues/782",),
)
def upload_never_ended(
    run: RunRecord, lifecycle: Lifecycle, cadence: Cadence, outputs: Outputs | Missing
) -> Iterator[Finding]:
    """Finalizing, the process gone, and nothing moves."""
    ended = lifecycle.ended_at
    if (
        (run.status or "").lower() != "finalizing"
        or lifecycle.process is not UserProcess.EXITED
        or cadence.now is None
    ):
        return
    if ended is None or (cadence.now - ended).total_seconds() < LONG_S or cadence.beat is Beat.ALIVE:
        return
    waited = duration((cadence.now - ended).total_seconds())
    exited = lifecycle.exited
    source = Source(exited.path, exited.line, exited.text) if exited else None
    declared = [o.name for o in run.expected_outputs]
    missing = [
        n for n in declared if isinstance(outputs, Outputs) and outputs.is_complete and not outputs.of(n)
    ]
    yield Finding(
        headline=f"The process ended {waited} ago and the run is still Finalizing: its outputs are not being collected; check them and cancel the run.",
        story=f"The user's process ended at {clock(ended)}. Since then the service has been collecting outputs, which takes "
        "seconds in a healthy run, and nothing has moved.",
        evidence=(
            Evidence(EvidenceKind.LOG, "The runtime recorded the end of the user's process.", ended, source),
            Evidence(EvidenceKind.STATUS, f"The service still says Finalizing, {waited} later.", cadence.now),
            *silence(cadence),
            *(
                Evidence(
                    EvidenceKind.ABSENCE, f"Nothing lies under the declared output {name}.", channel="listing"
                )
                for name in missing[:3]
            ),
        ),
        mechanism="upload-never-ended",
        began_at=ended,
        subjects=frozenset(missing),
        at_most=Certainty.SUPPORTED,
    )
