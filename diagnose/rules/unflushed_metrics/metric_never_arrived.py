"""A metric that the program logged is not among those that the service has, under any step.

A client that buffers takes the call and returns; what it took is sent by a thread of its own. Where the process ends
without its exit handlers, or where the call was made in a forked process, in which that thread does not exist, nothing of
the metric arrives, while others of the same program do.

Signs: the source logs a metric under a written name; the log holds what a statement prints that is only reached through
that call; a complete set of metrics holds other names of the same client, and none like this one.
Near misses: a call in a branch, a loop that may be empty or a handler; a client of the run's own making, that may filter; a
child run or another run that has the metric; a name that is put together; points that may still be taken in.
Safety constraint: nothing follows from the source alone; without a metric of the same client that arrived, it needs a way
in the source by which buffers are lost, and is no more than a suspicion.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code, CodeKind
from diagnose.evidence.metrics import Metrics
from diagnose.evidence.metricsdue import Due, MetricsDue
from diagnose.evidence.metrictail import MetricTail
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import code_piece, line_piece, plural, some
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule

WAYS = {
    CodeKind.METRICS_IN_CHILD: "logs metrics in a child process, and nothing there flushes them",
    CodeKind.OS_EXIT: "ends the process without its exit handlers, which would have flushed",
}
"""How what was buffered is lost, by the source."""


@rule(
    title="A metric that the program logged never arrived",
    cause=Cause.UNFLUSHED_METRICS,
    remedy=Step(
        "Flush in the process that logs, before it ends",
        "In a forked child the client has no thread that sends: hand the values to the parent, and log them there.",
        "run.log('auc', auc)\nrun.flush(timeout_seconds=300)",
        "A flush waits for the network; against a dead service it holds the run for its whole time limit.",
    ),
)
def metric_never_arrived(
    run: RunRecord, due: MetricsDue, metrics: Metrics, tail: MetricTail | Missing, code: Code
) -> Iterator[Finding]:
    """Names that the program logged and the service does not know."""
    ways = code.of(*WAYS)
    lost = due.lost or (due.silent if ways and not metrics.series else ())
    if run.phase is not Phase.COMPLETED or not lost:
        return
    soon = not isinstance(tail, Missing) and (tail.captured_after_s or 0.0) < tail.arrives_within_s
    names = some(dict.fromkeys(each.name for each in lost))
    yield Finding(
        headline=f"The program logged {names}, and nothing of it reached the service: log it again, and flush before the process ends.",
        story=f"The source logs {names}, and the log holds what is printed behind that. The service has {plural(len(metrics.series), 'other metric')} "
        "of the run and none of these; what was buffered was lost with the process that held it.",
        evidence=(
            *(piece for each in lost[:3] for piece in _pieces(each)),
            Evidence(
                EvidenceKind.METRIC,
                f"The complete metrics of the run are {some(metrics.series) or 'none'}.",
                metrics.last_at,
                Source("metrics.jsonl"),
            ),
            *(code_piece(found, f"{found.path} {WAYS[found.kind]}.") for found in ways[:2]),
        ),
        missing=("the metrics, captured again in 10 minutes: points may still be taken in",) if soon else (),
        mechanism="metric-never-arrived",
        began_at=lost[0].shown.at,
        subjects=frozenset(each.name for each in lost),
        at_most=_at_most(due, soon=soon),
    )


def _at_most(due: MetricsDue, *, soon: bool) -> Certainty:
    if soon:
        return Certainty.NONE
    return Certainty.SUPPORTED if due.lost else Certainty.SUSPECTED


def _pieces(due: Due) -> Iterator[Evidence]:
    source = Source(due.call.path, due.call.line, due.call.text)
    yield Evidence(EvidenceKind.CODE, f"{due.call.path} logs {due.name} here.", None, source)
    yield line_piece(due.shown, "This is printed behind that call, and reached no other way.")
