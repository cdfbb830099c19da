"""The process has ended, the run is Finalizing, and the collection of its outputs does not come to an end.

Finalizing means that the service collects outputs. In healthy runs that took 6 to 11 seconds, and longer for many or
large files; the logs stop in that phase in healthy runs too.

Signs: the status has been Finalizing for far longer than the run's outputs can take; the user's process is known to have
ended; nothing new is written to the outputs. That the data capability entered its end and did not succeed counts only
where the runtime went on logging for long after it.
Near misses: v1, where Finalizing begins while the user's process still lives (a thread holds it); an upload of many
gigabytes, whose outputs grow; a capture within minutes of the exit.
Safety constraint: without a recorded exit this is not an upload that hangs but a process that lingers.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.lifecycle import Lifecycle, UserProcess
from diagnose.evidence.logs import LogKind, LogPattern, Logs
from diagnose.evidence.outputs import Outputs
from diagnose.evidence.run import RunRecord
from diagnose.pieces import clock, duration, silence
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, quote, rule

LONG_S = 1800.0
RUNTIME = frozenset({LogKind.RUNTIME})
END_ENTERED = LogPattern(
    "data capability began its end", r"\[DataCapabilityService\]\[End\] entered", RUNTIME
)
END_SUCCEEDED = LogPattern(
    "data capability ended",
    r"\[DataCapabilityService\]\[End\] succeeded|Received success code for end cap_name=DATA_CAPABILITY",
    RUNTIME,
)


@rule(
    title="The collection of the outputs never ended",
    cause=Cause.UNFLUSHED_OUTPUT,
    watches=(END_ENTERED, END_SUCCEEDED),
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
    run: RunRecord,
    lifecycle: Lifecycle,
    cadence: Cadence,
    logs: Logs,
    outputs: Outputs | Missing,
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
            *_unended(logs, lifecycle),
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


def _unended(logs: Logs, lifecycle: Lifecycle) -> Iterator[Evidence]:
    """The data capability's own end, begun and not done although the runtime logged on for long.

    In healthy runs the log stops before it is done; then its absence proves nothing.
    """
    entered, last = logs.matches(END_ENTERED), lifecycle.last_line_at
    if not entered or logs.matches(END_SUCCEEDED) or last is None:
        return
    begun = entered.kept[0]
    if begun.at is not None and (last - begun.at).total_seconds() >= LONG_S:
        yield quote(
            begun,
            f"The data capability began to collect and was not done by {clock(last)}, when the runtime still logged.",
            channel="capability",
        )
