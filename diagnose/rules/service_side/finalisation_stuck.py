"""The process has ended, its outputs are there, and the service does not come to the end of its finalisation.

What Finalizing is for, the collection of outputs, is done; the service's own bookkeeping is what is left.

Signs: the status has been Finalizing for more than half an hour; the runtime recorded the end of the user's process; every
declared output is listed and nothing that is listed is unfinished; nothing new is written.
Near misses: a declared output that is missing or not whole, whose collection it is that hangs; v1, where Finalizing begins while the
user's process still lives; an upload that still moves; a capture within minutes of the exit.
Safety constraint: the listing must be complete; where the run declares no output, or one that is uploaded only after the end,
more may still be to come, and it is a suspicion.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.finalising import Finalising
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.pieces import clock, duration
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule


@rule(
    title="The finalisation does not end",
    cause=Cause.SERVICE_SIDE,
    remedy=(
        Step(
            "Use the outputs, which are whole, and cancel the run",
            "",
            "az ml job cancel --name RUN",
            "It then counts as Canceled.",
        ),
        Step("Open a support case with the run's id", "The finalisation is the service's own work."),
    ),
    links=("https://github.com/Azure/MachineLearningNotebooks/issues/782",),
)
def finalisation_stuck(
    lifecycle: Lifecycle, cadence: Cadence, finalising: Finalising | Missing
) -> Iterator[Finding]:
    """Finalizing for long, and nothing is missing."""
    if isinstance(finalising, Missing) or not finalising.listed or finalising.lacks:
        return
    waited, exited, ended = duration(finalising.waited_s), finalising.exited, finalising.ended_at
    source = Source(exited.path, exited.line, exited.text) if exited else None
    code = "" if lifecycle.exit_code is None else f" with exit code {lifecycle.exit_code}"
    sure = finalising.is_whole and not finalising.uploads
    there = (
        "every declared output is there" if finalising.is_whole else "nothing in its outputs is unfinished"
    )
    yield Finding(
        headline=f"The process ended {waited} ago, {there}, and the service still says Finalizing; use the outputs, cancel the run, and report it.",
        story=f"The user's process ended{code} at {clock(ended)}, and {there}. Finalizing takes seconds in a healthy run; it has "
        f"lasted {waited}.",
        evidence=(
            Evidence(EvidenceKind.LOG, "The runtime recorded the end of the user's process.", ended, source),
            Evidence(EvidenceKind.STATUS, f"The service still says Finalizing, {waited} later.", cadence.now),
            Evidence(EvidenceKind.OUTPUT, f"By the complete listing, {there}."),
        ),
        missing=() if sure else ("whether the script wrote files that are not listed",),
        mechanism="finalisation-stuck",
        began_at=ended,
        at_most=Certainty.SUPPORTED if sure else Certainty.SUSPECTED,
    )
