"""The client itself says that it could not send what was buffered, and gave up.

The v1 client waits for its queues at a flush and at exit, and says so when the time is up: `Failed to flush task queue
within N seconds`, `Could not clean up all items! Data loss might occur!`. MLflow's asynchronous queue logs a batch that
it could not send and drops it: `Failed to log run data: Exception: …`, `Failed to submit batch for logging: …`.

Signs: one of those lines, in a run that says Completed, or that is open and shows no life.
Near misses: a flush that is slow, or an exit flush that is still waiting, neither of which prints them: a wait for
something outside and not yet a loss; a flush whose time-out ended the run, which has failed in the open.
Safety constraint: only the client's own admission counts; a run that goes on may yet send what it holds.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.logs import LogKind, LogMatch, LogPattern, Logs
from diagnose.evidence.metrics import Metrics
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.trouble.harmless import UNSENT
from diagnose.pieces import plural
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Step, quote, rule

ANYWHERE = frozenset({LogKind.USER, LogKind.RUNTIME})
GAVE_UP = LogPattern(
    "client gave up a flush",
    r"Failed to flush task queue within [0-9.]+ seconds|Could not clean up all items! Data loss might occur"
    rf"|{UNSENT.pattern}"
    r"|FlushTaskTimeout|Timed out (?:waiting )?(?:to|for) flush(?:ing)?\b|flush(?:ing)? (?:of )?(?:the )?metrics (?:has )?timed out",
    ANYWHERE,
)


@rule(
    title="The client could not send its buffered metrics",
    cause=Cause.UNFLUSHED_METRICS,
    watches=(GAVE_UP,),
    remedy=Step(
        "Look at the network between the node and the workspace, and log less often",
        "A flush in a loop waits for the network each time; once at the end is enough.",
        "for step in steps:\n    run.log('loss', loss)\nrun.flush(timeout_seconds=600)",
    ),
    links=(
        "https://github.com/Azure/MachineLearningNotebooks/issues/1189",
        "https://github.com/Azure/MachineLearningNotebooks/issues/579",
    ),
)
def metric_flush_failed(
    run: RunRecord, logs: Logs, metrics: Metrics | Missing, cadence: Cadence | Missing
) -> Iterator[Finding]:
    """The client's own admission."""
    lost = logs.matches(GAVE_UP)
    if not lost or run.phase not in (Phase.OPEN, Phase.COMPLETED):
        return
    if run.phase is Phase.OPEN and isinstance(cadence, Cadence) and cadence.beat is Beat.ALIVE:
        return  # it goes on, and may yet send what it holds
    first, last = lost.kept[0], lost.kept[-1]
    arrived = None if isinstance(metrics, Missing) else metrics.count
    yield Finding(
        headline=f"The metrics client gave up sending what it had buffered ({plural(lost.count, 'time')}); points are lost: check the network to the workspace and log them again.",
        story="The client waits for its queue and says when the time is up. It said so here, so what was buffered then did "
        "not reach the service.",
        evidence=(
            *_quotes(first, last),
            *(
                [Evidence(EvidenceKind.METRIC, f"The service holds {plural(arrived, 'point')}.")]
                if arrived is not None
                else []
            ),
        ),
        mechanism="flush-timed-out",
        began_at=first.at,
    )


def _quotes(first: LogMatch, last: LogMatch) -> Iterator[Evidence]:
    yield quote(first, "The client says that it could not send what it had buffered.", direct=True)
    if last.line != first.line:
        yield quote(last, "It says so again, the last time here.", direct=True)
