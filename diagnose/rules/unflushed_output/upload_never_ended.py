"""The process has ended, the run is Finalizing, and the collection of its outputs does not come to an end.

Finalizing means that the service collects outputs. In healthy runs that took 6 to 11 seconds, and longer for many or
large files; the logs stop in that phase in healthy runs too.

Signs: the status has been Finalizing for far longer than the run's outputs can take; the user's process is known to have
ended; nothing new is written to the outputs; a declared output is not there, or a blob is not whole. That the data
capability entered its end and did not succeed counts only where the runtime went on logging for long after it.
Near misses: v1, where Finalizing begins while the user's process still lives (a thread holds it); an upload of many
gigabytes, whose outputs grow; a capture within minutes of the exit; a run whose declared outputs are all there and whole, which
the service holds for another reason.
Safety constraint: without a recorded exit this is not an upload that hangs but a process that lingers; where nobody knows what is
missing it decides nothing.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.finalising import LONG_S, Finalising
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogKind, LogPattern, Logs
from diagnose.evidence.outputs import names_of
from diagnose.pieces import clock, duration, output_piece, silence
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, quote, rule

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
    lifecycle: Lifecycle, cadence: Cadence, logs: Logs, finalising: Finalising | Missing
) -> Iterator[Finding]:
    """Finalizing, the process gone, something not there or not known, and nothing moves."""
    if isinstance(finalising, Missing) or (finalising.listed and not finalising.lacks):
        return
    waited, exited, ended = duration(finalising.waited_s), finalising.exited, finalising.ended_at
    source = Source(exited.path, exited.line, exited.text) if exited else None
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
                for name in finalising.missing[:3]
            ),
            *(output_piece(blob, f"{blob.name} is not whole.") for blob in finalising.unfinished[:3]),
        ),
        missing=() if finalising.listed else ("the outputs: whether what was declared is there",),
        mechanism="upload-never-ended",
        began_at=ended,
        subjects=frozenset(finalising.missing) | names_of(finalising.unfinished),
        # Nobody knows what is there: the service may hold a run whose outputs are whole.
        at_most=Certainty.SUPPORTED if finalising.lacks else Certainty.NONE,
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
