"""A metric became NaN or infinite at some step and stayed so: the training went on over values that mean nothing.

Signs: a metric that had finite values is not finite in all its last points, three or more, in a run that says Completed.
Near misses: a value that is undefined at first (a first epoch, an empty class) and finite later; a metric that is never
finite, such as a bound that is not set; a single undefined point.
Safety constraint: the outputs may be whole and still be worthless; nothing else is claimed of them.
"""

from collections.abc import Iterator

from diagnose.evidence.metrics import Metrics, MetricSeries
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import clock, some
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule

ENOUGH = 3


@rule(
    title="The values became NaN and the run went on",
    cause=Cause.SILENT_ERROR,
    remedy=Step(
        "Stop at the first value that is not finite",
        "",
        "if not math.isfinite(loss):\n    raise FloatingPointError(f'loss is {loss} at step {step}')",
    ),
)
def values_not_finite(run: RunRecord, metrics: Metrics) -> Iterator[Finding]:
    """Series that end in values that are no numbers."""
    if run.phase is not Phase.COMPLETED:
        return
    lost = [s for s in metrics.series.values() if _ends_lost(s)]
    if not lost:
        return
    first = min(lost, key=lambda s: str(s.not_finite_since))
    yield Finding(
        headline=f"{some(s.name for s in lost)} became NaN or infinite at {clock(first.not_finite_since)} and stayed so, and the run went on to Completed; what was trained after that is worthless.",
        story=f"The last {first.not_finite} points of {first.name} are no numbers. The program did not look, went on to its end, "
        "and the service says Completed.",
        evidence=tuple(
            Evidence(
                EvidenceKind.METRIC,
                f"{s.name} has no finite value since {clock(s.not_finite_since)}; {s.not_finite} of {s.count} points are none.",
                s.not_finite_since,
                Source("metrics.jsonl", None, s.name),
                direct=True,
            )
            for s in lost[:5]
        ),
        mechanism="values-not-finite",
        began_at=first.not_finite_since,
        subjects=frozenset(s.name for s in lost),
        at_most=Certainty.SUPPORTED,
    )


def _ends_lost(series: MetricSeries) -> bool:
    return series.not_finite_since is not None and ENOUGH <= series.not_finite < series.count
