"""At exit or at a flush the client waits for a service that does not answer, and has not given up yet.

The v1 client prints `Cleaning up all outstanding Run operations, waiting N seconds` and then waits for its queues; the
metrics' flush waits and tries again.

Signs: the line that begins the wait without the line that ends it, in an open run, for longer than twice the seconds that
the client allows itself.
Near misses: the cleanup came to its end; a flush that failed, after which the driver is through; a capture within those
seconds.
Safety constraint: a wait that is younger than twice its own limit is no finding, and a log of which the end is not here
tells of none.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogKind, LogPattern, Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.stopping import Stopping
from diagnose.pieces import duration, silence, stop_piece
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Step, quote, rule

THROUGH = LogPattern(
    # A flush that fails raises: the client says nothing more, and the driver says that it is through.
    "v1 driver is through",
    r"Finished context manager injector",
    frozenset({LogKind.USER, LogKind.RUNTIME}),
)


@rule(
    title="The exit waits for a flush",
    cause=Cause.WAITING_ON_EXTERNAL,
    watches=(THROUGH,),
    remedy=Step(
        "Look at the network between the node and the workspace, then end the run",
        "Outputs that are whole can be copied now; metrics that were not sent will be lost.",
        "az ml job cancel --name RUN",
        "What is still buffered in the process is lost.",
    ),
    links=("https://github.com/Azure/MachineLearningNotebooks/issues/1738",),
)
def exit_flush_waits(
    run: RunRecord, lifecycle: Lifecycle, cadence: Cadence, logs: Logs, stop: Stopping | Missing
) -> Iterator[Finding]:
    """A cleanup that began and did not end."""
    began, ended = lifecycle.cleanup_began, lifecycle.cleanup_ended
    if run.phase is not Phase.OPEN or began is None or cadence.now is None:
        return
    if ended is not None and (ended.path, ended.line) > (began.path, began.line):
        return
    file = logs.file(began.path)
    through = (told for told in logs.matches(THROUGH).kept if told.path == began.path)
    if file is None or not file.covers_end or any(told.line > began.line for told in through):
        return
    allowed = float(began.groups.get("seconds") or 300)
    at = began.at or cadence.last_at
    if at is None or (cadence.now - at).total_seconds() < 2 * allowed:
        return
    waited = duration((cadence.now - at).total_seconds())
    yield Finding(
        headline=f"The script is done and its client has been waiting {waited} to send what it had buffered; check the network to the workspace, then cancel the run.",
        story=f"The client began to clean up, allowed itself {allowed:.0f} s, and has not come to an end in {waited}. The process "
        "waits for it, and the run stays open.",
        evidence=(
            quote(began, "The client began to wait for its outstanding operations."),
            Evidence(
                EvidenceKind.ABSENCE,
                f"The line that ends the wait has not come in {waited}.",
                channel="order",
            ),
            *silence(cadence),
            *stop_piece(stop),
        ),
        missing=("the stacks of the process (py-spy dump --pid PID)",),
        mechanism="exit-flush-waits",
        began_at=at,
    )
