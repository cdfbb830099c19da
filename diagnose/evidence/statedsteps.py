"""Metrics that are equals (`loss_1`, `loss_2` …), beside the number of steps that the log states for each of them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.cadence import SKEW_S
from diagnose.evidence.logs import LogMatch, LogPattern, Logs
from diagnose.evidence.metrics import Metrics, MetricSeries
from diagnose.evidence.run import RunRecord

_UNITS = (
    r"(?:steps|epochs|iterations|iters|rounds|updates|batches|episodes|generations|schritte|schritten|epochen|runden|pasos|rondas"
    r"|iteraciones|passos|rodadas|tours|passi|kroków)"
)
STATED = LogPattern(
    "number of steps stated",
    rf"(?i)\b[0-9]{{1,9}} {_UNITS}\b|\b{_UNITS}[ =:]{{1,3}}[0-9]{{1,9}}\b|[0-9]{{1,9}} ?(?:步|轮|ステップ|エポック|шагов|эпох|스텝)",
)
NUMBER = re.compile(r"\d+(?:\.\d+)?")
ENOUGH = 5
"""Points that make a pace."""


@dataclass(frozen=True, slots=True)
class Short:
    """A series that ends before the number of steps that the log states for it."""

    series: MetricSeries
    stated: int
    match: LogMatch


@dataclass(frozen=True, slots=True)
class StatedSteps:
    """The series that are shorter than stated, where the time that was left fits the steps that are not there."""

    derived_from: ClassVar[tuple[type, ...]] = (RunRecord, Logs, Metrics)
    watches: ClassVar[tuple[LogPattern, ...]] = (STATED,)

    short: tuple[Short, ...]
    whole: int
    """How many of their equals reach what is stated for them, or are stated to have stopped where they end."""

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        metrics, logs, run = bundle.get(Metrics), bundle.get(Logs), bundle.get(RunRecord)
        for fact in (metrics, logs, run):
            if isinstance(fact, Missing):
                return Missing("the steps that the log states", fact.reason, fact.remedy)
        assert not isinstance(metrics, Missing) and not isinstance(logs, Missing)  # noqa: S101, PT018  (told to mypy)
        assert not isinstance(run, Missing)  # noqa: S101
        told = logs.matches(STATED).kept if metrics.part.is_complete else ()
        judged = [pair for family in _families(metrics) for pair in _judged(family, told, run.ended_at)]
        return cls(
            tuple(short for short in judged if short is not None), sum(short is None for short in judged)
        )


def _families(metrics: Metrics) -> Iterator[list[MetricSeries]]:
    """Series whose names differ in their numbers alone."""
    groups: defaultdict[str, list[MetricSeries]] = defaultdict(list)
    for name, series in metrics.series.items():
        groups[NUMBER.sub("#", name)].append(series)
    yield from (group for group in groups.values() if len(group) > 1)


def _judged(
    family: Sequence[MetricSeries], told: Sequence[LogMatch], ended: datetime | None
) -> Iterator[Short | None]:
    """For each series of which the log speaks: that it is short, or `None` where it is as long as stated."""
    common = set.intersection(*(set(NUMBER.findall(series.name)) for series in family))
    for series in family:
        own = [number for number in NUMBER.findall(series.name) if number not in common]
        lines = [match for match in told if own and set(own) <= set(NUMBER.findall(match.text))]
        if lines and series.last_step is not None and series.count >= ENOUGH:
            yield _short(series, lines[-1], set(own), ended)


def _short(series: MetricSeries, match: LogMatch, own: set[str], ended: datetime | None) -> Short | None:
    last, spacing = series.last_step or 0, max(1, round((series.last_step or 0) / (series.count - 1)))
    words = [words for words in re.findall(STATED.regex, match.text) if isinstance(words, str)]
    stated = [int(number) for each in words for number in re.findall(r"\d+", each) if number not in own]
    whole = [int(n) for n in NUMBER.findall(match.text) if n.isdigit() and n not in own]
    if not stated or any(abs(number - last) <= 2 * spacing for number in whole):
        return None
    short = Short(series, max(stated), match)
    return short if short.stated > last and _fits(short, spacing, ended) else None


def _fits(short: Short, spacing: int, ended: datetime | None) -> bool:
    """Whether the steps that are not there had their time: else the log counts in another unit, or told it beforehand."""
    series = short.series
    end = short.match.at if short.match.at_is_own else ended
    if series.first_at is None or series.last_at is None or end is None or series.last_step is None:
        return False
    pace = (series.last_at - series.first_at).total_seconds() / (series.count - 1) / spacing
    left = (end - series.last_at).total_seconds() + SKEW_S
    return left >= 0.5 * pace * (short.stated - series.last_step)
