"""The tail of the metrics: whether the log counts further than they do, and whether the rest may still arrive."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.cadence import SKEW_S, Cadence
from diagnose.evidence.counters import STEP
from diagnose.evidence.logs import LogMatch, LogPattern, Logs
from diagnose.evidence.metrics import Metrics, MetricSeries
from diagnose.evidence.numberedlines import counting_words
from diagnose.evidence.run import RunRecord

ARRIVES_S = 600.0
"""Points were seen to become visible minutes after they were sent."""
MANY_DELAYS = 3.0
LONGEST_S = 3600.0
LEAST_POINTS = 8
"""A series of fewer points has no steps of its own to speak of."""


@dataclass(frozen=True, slots=True)
class MetricTail:
    """How far the metrics go, beside how far the log counts."""

    derived_from: ClassVar[tuple[type, ...]] = (RunRecord, Logs, Metrics, Cadence)
    watches: ClassVar[tuple[LogPattern, ...]] = (STEP,)

    furthest: LogMatch | None
    """The line of the metrics' own counter beyond their last step; `None` where nothing is behind."""
    by_its_words: bool
    """The counter is one of the usual words for a step, and not only a word that counts."""
    last_step: int | None
    series: MetricSeries | None
    """The series that reaches furthest."""
    captured_after_s: float | None
    """Seconds from the end of the run to the capture."""
    arrives_within_s: float
    """How long the service may still take, by the delay that its own points show."""
    later_arrived: bool
    """A point that was logged after that line is there: what was logged before it would be, too."""

    @property
    def lost_steps(self) -> int:
        """Steps that the log counts and no metric has."""
        return step_of(self.furthest) - (self.last_step or 0) if self.furthest else 0

    @property
    def may_arrive(self) -> bool:
        """Whether the gap may close by itself: it was looked at so soon that the service may still take points in."""
        if self.furthest is None or self.captured_after_s is None or self.later_arrived:
            return False
        return self.captured_after_s < self.arrives_within_s

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        metrics, logs, cadence = bundle.get(Metrics), bundle.get(Logs), bundle.get(Cadence)
        for fact in (metrics, logs, cadence):
            if isinstance(fact, Missing):
                return Missing("the tail of the metrics", fact.reason, fact.remedy)
        assert not isinstance(metrics, Missing) and not isinstance(logs, Missing)  # noqa: S101, PT018  (told to mypy)
        assert not isinstance(cadence, Missing)  # noqa: S101
        run, last_step = bundle.get(RunRecord), metrics.last_step
        countable = last_step is not None and metrics.part.is_complete
        furthest, usual = None, True
        if last_step is not None and countable:
            furthest = _furthest(logs, last_step, _spacing(metrics))
            usual = furthest is not None
            furthest = furthest or _in_other_words(logs, metrics, last_step)
        ended = None if isinstance(run, Missing) else run.ended_at
        return cls(
            furthest=furthest,
            by_its_words=usual,
            last_step=last_step,
            series=max(metrics.series.values(), key=lambda s: s.last_step or 0, default=None),
            captured_after_s=_seconds(ended, cadence.captured_at),
            arrives_within_s=min(LONGEST_S, max(ARRIVES_S, MANY_DELAYS * _delay(metrics))),
            later_arrived=_later(furthest, metrics),
        )


def step_of(match: LogMatch) -> int:
    """The number that a counting line states."""
    return int(match.groups["number"])


def _seconds(earlier: datetime | None, later: datetime | None) -> float | None:
    return (later - earlier).total_seconds() if earlier and later else None


def _delay(metrics: Metrics) -> float:
    """The longest time that a series' last point took to be taken in."""
    taken = [_seconds(s.last_at, s.last_ingested_at) for s in metrics.series.values()]
    return max((seconds for seconds in taken if seconds is not None), default=0.0)


def _later(furthest: LogMatch | None, metrics: Metrics) -> bool:
    if furthest is None or not furthest.at_is_own or furthest.at is None or metrics.last_at is None:
        return False
    return (metrics.last_at - furthest.at).total_seconds() > SKEW_S


def _furthest(logs: Logs, last_step: int, spacing: int) -> LogMatch | None:
    """The last line of the counter that the metrics count by, where it goes on beyond them.

    A counter that starts again is an inner one. When any counter ends where the metrics do, that is theirs, and nothing
    is lost. Another counter of the log is not theirs unless it passed through the steps that the metrics have.
    """
    by_label: dict[str, list[LogMatch]] = {}
    for told in logs.matches(STEP).kept:
        if told.groups.get("number"):
            by_label.setdefault(told.groups["label"].lower(), []).append(told)
    growing = [ms for ms in by_label.values() if len(ms) > 1 and _grows([step_of(m) for m in ms])]
    if any(
        step_of(ms[-1]) <= last_step + 2 * spacing and step_of(ms[-1]) >= last_step - 1
        for ms in by_label.values()
    ):
        return None
    own = [
        ms for ms in growing if step_of(ms[-1]) > last_step + 2 * spacing and _passes(ms, last_step, spacing)
    ]
    return max(own, key=len)[-1] if own else None


def _in_other_words(logs: Logs, metrics: Metrics, last_step: int) -> LogMatch | None:
    """The last line of any word that counts through the metrics' steps and on, where none ends with them."""
    spacing, words = _spacing(metrics), list(counting_words(logs.user_files))
    series = max(metrics.series.values(), key=lambda s: s.count)
    if series.count < LEAST_POINTS or any(
        last_step - 1 <= step_of(count.last) <= last_step + 2 * spacing for count in words
    ):
        return None
    own = [
        count.last
        for count in words
        if count.reaches_the_end
        and count.first <= last_step < step_of(count.last) - 2 * spacing
        and last_step >= 0.2 * step_of(count.last)
        and not _later(count.last, metrics)
    ]
    return max(own, key=lambda told: told.line, default=None)


def _grows(numbers: list[int]) -> bool:
    return all(earlier <= later for earlier, later in pairwise(numbers)) and numbers[-1] > numbers[0]


def _passes(matches: list[LogMatch], last_step: int, spacing: int) -> bool:
    """Whether the counter went through the metrics' own steps, in strides like theirs, and not far beyond them."""
    numbers = [step_of(match) for match in matches]
    stride = min((later - earlier for earlier, later in pairwise(numbers) if later > earlier), default=1)
    near = any(abs(number - last_step) <= max(spacing, stride) for number in numbers)
    return near and last_step >= 0.2 * numbers[-1]


def _spacing(metrics: Metrics) -> int:
    """Steps from one point to the next, on average, of the busiest series."""
    busiest = max(metrics.series.values(), key=lambda s: s.count)
    return max(1, round((busiest.last_step or 0) / max(1, busiest.count - 1)))
