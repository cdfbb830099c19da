"""The log counts further than the metrics do: the last points were issued and never arrived.

Metrics are buffered in the process and sent in batches by a background thread. A process that ends without running its
exit handlers (`os._exit`, a signal, a crash in native code) takes the buffer with it.

Signs: the log names steps beyond the last step of any metric, by more than twice the metrics' own spacing, in a run
that says Completed, or in one whose process was ended by a signal.
Near misses: metrics that are logged every so many steps; another counter than the metrics' (batches against epochs);
ingestion that lags a few minutes behind, by the delay that the points themselves show; a run that failed in the open by
itself, whose lost tail is no second cause.
Safety constraint: so soon after the end that the gap may still close nothing is concluded. In a run that was ended by a
signal the lost tail is a consequence of that and never more than a suspicion.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.ending import Ending
from diagnose.evidence.logs import LogMatch
from diagnose.evidence.metrics import Metrics, MetricSeries
from diagnose.evidence.metrictail import MetricTail, step_of
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import clock, code_piece, duration, plural
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, quote, rule

BY_SIGNAL = 128
"""A shell reports a process that a signal ended as 128 and the signal's number, others as its negative."""


@rule(
    title="The metrics stop before the log does",
    cause=Cause.UNFLUSHED_METRICS,
    remedy=Step(
        "Flush before the process ends, and let it end by itself",
        "",
        "run.flush(timeout_seconds=300)   # v1: waits, and raises when the time is up\nmlflow.flush_async_logging()",
        "A flush waits for the network; against a dead service it holds the run for its whole time limit.",
    ),
)
def metrics_behind_log(
    run: RunRecord, metrics: Metrics, tail: MetricTail, ending: Ending, code: Code | Missing
) -> Iterator[Finding]:
    """Steps in the log beyond the last metric."""
    match, series = tail.furthest, tail.series
    killed = _killed(run, ending)
    if match is None or series is None or not (run.phase is Phase.COMPLETED or killed):
        return
    yield Finding(
        headline=f"The metrics end at step {tail.last_step} and the log goes on to {step_of(match)}; {plural(tail.lost_steps, 'step')} never reached the service: flush before the process ends.",
        story=f"The log counts to {step_of(match)}. The last metric point that the service took in is of step {tail.last_step}"
        + (f", logged at {clock(series.last_at)}" if series.last_at else "")
        + ". What was buffered in the process was lost when it ended.",
        evidence=tuple(_pieces(match, series, code)),
        missing=(_look_again(tail),) if tail.may_arrive else (),
        mechanism="buffered-tail-lost",
        began_at=series.last_at,
        subjects=frozenset(metrics.series),
        at_most=_at_most(tail, killed=killed),
    )


def _killed(run: RunRecord, ending: Ending) -> bool:
    code = ending.exit_code or 0
    return run.phase is Phase.FAILED and (code < 0 or code > BY_SIGNAL)


def _at_most(tail: MetricTail, *, killed: bool) -> Certainty:
    if tail.may_arrive:
        return Certainty.NONE
    return Certainty.SUSPECTED if killed else Certainty.SUPPORTED


def _look_again(tail: MetricTail) -> str:
    after = duration(tail.captured_after_s or 0.0)
    return f"the metrics, captured again in 5 minutes: they were looked at {after} after the end, and points may still be taken in"


def _pieces(match: LogMatch, series: MetricSeries, code: Code | Missing) -> Iterator[Evidence]:
    yield quote(match, f"The log reached step {step_of(match)}.")
    yield Evidence(
        EvidenceKind.METRIC,
        f"The last point of {series.name} is of step {series.last_step}; {plural(series.count, 'point')} in all.",
        series.last_at,
        Source("metrics.jsonl", None, series.name),
    )
    for found in findings_of(code, CodeKind.OS_EXIT)[:2]:
        yield code_piece(
            found, f"{found.path} ends the process without its exit handlers, which would have flushed."
        )
