"""The log counts further than the metrics do: the last points were issued and never arrived.

Metrics are buffered in the process and sent in batches by a background thread. A process that ends without running its
exit handlers (`os._exit`, a signal, a crash in native code) takes the buffer with it. azureml-core has no exit handler of
its own outside of v1, so there an ordinary end does it, too; and what the service refuses it gives up in the background.

Signs: the log names steps (in one of the usual words, or in any that counts line by line through the metrics' steps)
beyond the last step of any metric, by more than twice the metrics' own spacing, in a run
that says Completed, or in one whose process was ended by a signal. The client's own report that its posts were refused
makes it sure.
Near misses: metrics that are logged every so many steps; another counter than the metrics' (batches against epochs);
ingestion that lags a few minutes behind, by the delay that the points themselves show; a run that failed in the open by
itself, whose lost tail is no second cause.
Safety constraint: so soon after the end that the gap may still close nothing is concluded. In a run that was ended by a
signal the lost tail is a consequence of that and never more than a suspicion.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.counters import STEP
from diagnose.evidence.ending import Ending
from diagnose.evidence.logs import LogMatch, LogPattern, Logs
from diagnose.evidence.metrics import Metrics, MetricSeries
from diagnose.evidence.metrictail import MetricTail, step_of
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import clock, code_piece, duration, plural
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, quote, rule

REFUSED = LogPattern(
    "metrics client was refused",
    r"Metrics Client: (?:_execute_with_workspace_run_arguments failed|Failed to post metric with name)",
)
"""azureml-core's own words, a warning that reaches stderr where no logging was configured."""
BY_SIGNAL = 128
"""A shell reports a process that a signal ended as 128 and the signal's number, others as its negative."""


@rule(
    title="The metrics stop before the log does",
    cause=Cause.UNFLUSHED_METRICS,
    watches=(REFUSED,),
    remedy=Step(
        "Flush before the process ends, and let it end by itself",
        "",
        "run.flush(timeout_seconds=300)   # v1: waits, and raises when the time is up\nmlflow.flush_async_logging()",
        "A flush waits for the network; against a dead service it holds the run for its whole time limit.",
    ),
)
def metrics_behind_log(  # noqa: PLR0913, PLR0917  (each is a fact that it needs)
    run: RunRecord, metrics: Metrics, logs: Logs, tail: MetricTail, ending: Ending, code: Code | Missing
) -> Iterator[Finding]:
    """Steps in the log beyond the last metric."""
    match, series = tail.furthest, tail.series
    killed = _killed(run, ending)
    if match is None or series is None or not (run.phase is Phase.COMPLETED or killed):
        return
    refused = _refusals(logs, match, tail.last_step or 0)
    yield Finding(
        headline=f"The metrics end at step {tail.last_step} and the log goes on to {step_of(match)}; {plural(tail.lost_steps, 'step')} never reached the service"
        + ("; it refused them: log them again." if refused else ": flush before the process ends."),
        story=f"The log counts to {step_of(match)}. The last metric point that the service took in is of step {tail.last_step}"
        + (f", logged at {clock(series.last_at)}" if series.last_at else "")
        + (
            ". The client says that the service refused what it sent; it gives up after some attempts."
            if refused
            else ". What was buffered in the process was lost when it ended."
        ),
        evidence=tuple(_pieces(match, series, refused, code)),
        missing=(_look_again(tail),) if tail.may_arrive else (),
        mechanism="posts-refused" if refused else "buffered-tail-lost",
        began_at=series.last_at,
        subjects=frozenset(metrics.series),
        at_most=_at_most(tail, killed=killed, refused=bool(refused)),
    )


def _killed(run: RunRecord, ending: Ending) -> bool:
    code = ending.exit_code or 0
    return run.phase is Phase.FAILED and (code < 0 or code > BY_SIGNAL)


def _at_most(tail: MetricTail, *, killed: bool, refused: bool) -> Certainty:
    """The client's own report makes it sure, unless what is missing may still come."""
    if tail.may_arrive:
        return Certainty.NONE
    if killed or not tail.by_its_words:
        return Certainty.SUSPECTED
    return Certainty.ESTABLISHED if refused else Certainty.SUPPORTED


def _refusals(logs: Logs, furthest: LogMatch, last_step: int) -> list[LogMatch]:
    """The client's reports of refused posts below the line at which the metrics end; what came before was made up for."""
    label, path = furthest.groups["label"], furthest.path
    arrived = [
        told.line
        for told in logs.matches(STEP).kept
        if told.path == path
        and told.groups.get("label") == label
        and told.groups.get("number")
        and step_of(told) <= last_step
    ]
    below = max(arrived, default=0)
    return [told for told in logs.matches(REFUSED).kept if told.path == path and told.line > below]


def _look_again(tail: MetricTail) -> str:
    after = duration(tail.captured_after_s or 0.0)
    return f"the metrics, captured again in 5 minutes: they were looked at {after} after the end, and points may still be taken in"


def _pieces(
    match: LogMatch, series: MetricSeries, refused: list[LogMatch], code: Code | Missing
) -> Iterator[Evidence]:
    yield quote(match, f"The log reached step {step_of(match)}.")
    for told in refused[-1:]:
        yield quote(told, "The client itself reports that its post was refused.", direct=True)
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
