"""The log counts further than the metrics do: the last points were issued and never arrived.

Metrics are buffered in the process and sent in batches by a background thread. A process that ends without running its
exit handlers (`os._exit`, a signal, a crash in native code) takes the buffer with it. azureml-core has no exit handler of
its own outside of v1, so there an ordinary end does it, too; and what the service refuses it gives up in the background.

Signs: the log names steps beyond the last step of any metric, by more than twice the metrics' own spacing, in a run
that says Completed. The client's own report that its posts were refused makes it sure.
Near misses: metrics that are logged every so many steps; another counter than the metrics' (batches against epochs);
ingestion that lags a few minutes behind; a run that failed in the open, whose lost tail is no second cause.
Safety constraint: within ten minutes of the end a gap may still close and stays a suspicion.
"""

from collections.abc import Iterator
from itertools import pairwise

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.logs import LogMatch, LogPattern, Logs
from diagnose.evidence.metrics import Metrics
from diagnose.evidence.progress import STEP
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import clock, code_piece, plural
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, quote, rule

LAG_S = 600.0
REFUSED = LogPattern(
    "metrics client was refused",
    r"Metrics Client: (?:_execute_with_workspace_run_arguments failed|Failed to post metric with name)",
)
"""azureml-core's own words, a warning that reaches stderr where no logging was configured."""


@rule(
    title="The metrics stop before the log does",
    cause=Cause.UNFLUSHED_METRICS,
    watches=(STEP, REFUSED),
    remedy=Step(
        "Flush before the process ends, and let it end by itself",
        "",
        "run.flush(timeout_seconds=300)   # v1: waits, and raises when the time is up\nmlflow.flush_async_logging()",
        "A flush waits for the network; against a dead service it holds the run for its whole time limit.",
    ),
)
def metrics_behind_log(
    run: RunRecord, metrics: Metrics, logs: Logs, cadence: Cadence, code: Code | Missing
) -> Iterator[Finding]:
    """Steps in the log beyond the last metric."""
    last_step, spacing = metrics.last_step, 0 if not metrics.series else _spacing(metrics)
    if run.phase is not Phase.COMPLETED or last_step is None or not metrics.part.is_complete:
        return
    match = _furthest(logs, last_step, spacing)
    if match is None:
        return
    reached = _number(match)
    lost = reached - last_step
    lag = _may_lag(run, cadence)
    exits = findings_of(code, CodeKind.OS_EXIT)
    refused = _refusals(logs, match, last_step)
    series = max(metrics.series.values(), key=lambda s: s.last_step or 0)
    yield Finding(
        headline=f"The metrics end at step {last_step} and the log goes on to {reached}; {plural(lost, 'step')} never reached the service"
        + ("; it refused them: log them again." if refused else ": flush before the process ends."),
        story=f"The log counts to {reached}. The last metric point that the service took in is of step {last_step}"
        + (f", logged at {clock(series.last_at)}" if series.last_at else "")
        + (
            ". The client says that the service refused what it sent; it gives up after some attempts."
            if refused
            else ". What was buffered in the process was lost when it ended."
        ),
        evidence=(
            quote(match, f"The log reached step {reached}."),
            *(
                quote(told, "The client itself reports that its post was refused.", direct=True)
                for told in refused[-1:]
            ),
            Evidence(
                EvidenceKind.METRIC,
                f"The last point of {series.name} is of step {last_step}; {plural(series.count, 'point')} in all.",
                series.last_at,
                Source("metrics.jsonl", None, series.name),
            ),
            *(
                code_piece(
                    f, f"{f.path} ends the process without its exit handlers, which would have flushed."
                )
                for f in exits[:2]
            ),
        ),
        missing=("the metrics some minutes later: ingestion may still lag",) if lag else (),
        mechanism="posts-refused" if refused else "buffered-tail-lost",
        began_at=series.last_at,
        subjects=frozenset(metrics.series),
        at_most=_at_most(lag=lag, refused=bool(refused)),
    )


def _furthest(logs: Logs, last_step: int, spacing: int) -> LogMatch | None:
    """The last line of the counter that the metrics count by, where it goes on beyond them.

    A counter that starts again is an inner one. When any counter ends where the metrics do, that is theirs, and nothing
    is lost. Another counter of the log is not theirs unless it passed through the steps that the metrics have.
    """
    by_label: dict[str, list[LogMatch]] = {}
    for told in logs.matches(STEP).kept:
        if told.groups.get("number"):
            by_label.setdefault(told.groups["label"].lower(), []).append(told)
    growing = [ms for ms in by_label.values() if len(ms) > 1 and _grows([_number(m) for m in ms])]
    if any(
        _number(ms[-1]) <= last_step + 2 * spacing and _number(ms[-1]) >= last_step - 1
        for ms in by_label.values()
    ):
        return None
    own = [
        ms for ms in growing if _number(ms[-1]) > last_step + 2 * spacing and _passes(ms, last_step, spacing)
    ]
    return max(own, key=len)[-1] if own else None


def _grows(numbers: list[int]) -> bool:
    return all(earlier <= later for earlier, later in pairwise(numbers)) and numbers[-1] > numbers[0]


def _passes(matches: list[LogMatch], last_step: int, spacing: int) -> bool:
    """Whether the counter went through the metrics' own steps, in strides like theirs, and not far beyond them."""
    numbers = [_number(match) for match in matches]
    stride = min((later - earlier for earlier, later in pairwise(numbers) if later > earlier), default=1)
    near = any(abs(number - last_step) <= max(spacing, stride) for number in numbers)
    return near and last_step >= 0.2 * numbers[-1]


def _refusals(logs: Logs, furthest: LogMatch, last_step: int) -> list[LogMatch]:
    """The client's reports of refused posts below the line at which the metrics end; what came before was made up for."""
    label, path = furthest.groups["label"], furthest.path
    arrived = [
        told.line
        for told in logs.matches(STEP).kept
        if told.path == path and told.groups.get("label") == label and _number(told) <= last_step
    ]
    below = max(arrived, default=0)
    return [told for told in logs.matches(REFUSED).kept if told.path == path and told.line > below]


def _at_most(*, lag: bool, refused: bool) -> Certainty:
    """The client's own report makes it sure, unless what is missing may still come."""
    if lag:
        return Certainty.SUSPECTED
    return Certainty.ESTABLISHED if refused else Certainty.SUPPORTED


def _number(match: LogMatch) -> int:
    return int(match.groups["number"])


def _spacing(metrics: Metrics) -> int:
    """Steps from one point to the next, on average, of the busiest series."""
    busiest = max(metrics.series.values(), key=lambda s: s.count)
    return max(1, round((busiest.last_step or 0) / max(1, busiest.count - 1)))


def _may_lag(run: RunRecord, cadence: Cadence) -> bool:
    captured = cadence.captured_at
    return (
        captured is not None
        and run.ended_at is not None
        and (captured - run.ended_at).total_seconds() < LAG_S
    )
