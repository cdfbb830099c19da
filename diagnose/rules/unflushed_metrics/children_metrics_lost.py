"""Child processes logged metrics and ended before their clients had sent them.

A client that buffers sends from a background thread, and flushes in an exit hook. A child of `multiprocessing` ends without
running exit hooks, so what its client still holds is gone, and the parent says that all went well.

Signs: metrics that are equals, named by a number, end before the number of steps that the log states for each; the time
that was left fits the steps that are not there; the run's source logs metrics in a function that a process of its own
runs, and flushes nothing in it.
Near misses: a series that was stopped early, of which the log states its own number; a log that counts in another unit;
a client whose every call waits for the service; points that may still be taken in.
Safety constraint: without the source, or where some of the equals are whole, it stays a suspicion.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.metrictail import MetricTail
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.statedsteps import Short, StatedSteps
from diagnose.pieces import code_piece, plural, some
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, quote, rule


@rule(
    title="Child processes took their metrics with them",
    cause=Cause.UNFLUSHED_METRICS,
    remedy=Step(
        "Flush in the child, as the last thing that it does",
        "Or hand the values to the parent, and log them there.",
        "def trial(...):\n    ...\n    run.flush(timeout_seconds=300)",
        "A flush waits for the network; against a dead service it holds the child for its whole time limit.",
    ),
)
def children_metrics_lost(
    run: RunRecord, steps: StatedSteps, tail: MetricTail | Missing, code: Code | Missing
) -> Iterator[Finding]:
    """Series that end before the steps that the log states for each."""
    if run.phase is not Phase.COMPLETED or not steps.short:
        return
    children = findings_of(code, CodeKind.METRICS_IN_CHILD)
    soon = not isinstance(tail, Missing) and (tail.captured_after_s or 0.0) < tail.arrives_within_s
    names = some(short.series.name for short in steps.short)
    lost = sum(short.stated - (short.series.last_step or 0) for short in steps.short)
    yield Finding(
        headline=f"{names} end {plural(lost, 'step')} before what the log states; the rest never reached the service: flush in the process that logs them.",
        story="The log states how many steps each of them took, and the metrics end before, with the time left in which the "
        "others were taken. What was buffered in a process was lost when it ended.",
        evidence=(
            *(piece for short in steps.short[:3] for piece in _pieces(short)),
            *(
                code_piece(f, f"{f.path} logs metrics in a child process, and nothing there flushes them.")
                for f in children[:2]
            ),
        ),
        missing=("the metrics, captured again in 10 minutes: points may still be taken in",) if soon else (),
        mechanism="children-metrics-lost",
        began_at=steps.short[0].series.last_at,
        subjects=frozenset(short.series.name for short in steps.short),
        at_most=Certainty.NONE if soon else _at_most(steps, told=bool(children)),
    )


def _at_most(steps: StatedSteps, *, told: bool) -> Certainty:
    alike = len(steps.short) > 1 and not steps.whole
    return Certainty.SUPPORTED if told and alike else Certainty.SUSPECTED


def _pieces(short: Short) -> Iterator[Evidence]:
    series = short.series
    yield quote(short.match, f"The log states {short.stated} steps for {series.name}.")
    yield Evidence(
        EvidenceKind.METRIC,
        f"The last point of {series.name} is of step {series.last_step}; {plural(series.count, 'point')} in all.",
        series.last_at,
        Source("metrics.jsonl", None, series.name),
    )
