"""Metric points, read once as a stream: a run may have ten million of them."""

import math
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Self

from diagnose.evidence import fields
from diagnose.evidence.bundle import Bundle, Missing, Part, PartState
from diagnose.evidence.pace import GapMeter, Gaps

if TYPE_CHECKING:
    import pandas as pd

SERIES_LIMIT = 2_000
"""Names that are kept apart; Azure ML itself allows 50 metric names a run, MLflow more."""
POINTS = 1 << 17
"""Points of one series held at a time; beyond that neighbours are joined, so memory does not grow with the run."""
BUCKETS = 200
"""Buckets of the picture of one series; each keeps the lowest and highest value, so that no spike is lost."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of successive points: when it began, its lowest and highest finite value (`None`: none finite)."""

    at: datetime
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class MetricSeries:
    """One metric by name. `first_at` and `last_at` are the client's clock when it was logged, UTC."""

    name: str
    count: int
    first_at: datetime | None
    last_at: datetime | None
    last_ingested_at: datetime | None
    last_step: int | None
    """The highest step; `None` where the points carry no step."""
    not_finite: int
    """Points whose value is NaN or infinite."""
    not_finite_since: datetime | None
    """The first of the unbroken row of non-finite values at the end; `None` when the last value is finite."""
    gaps: Gaps
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class Metrics:
    """Every metric series by name. From `metrics.jsonl`."""

    series: Mapping[str, MetricSeries]
    part: Part

    @property
    def count(self) -> int:
        """All points of all series."""
        return sum(series.count for series in self.series.values())

    @property
    def last_at(self) -> datetime | None:
        """The last sign of life of the user's code in this channel."""
        return max((s.last_at for s in self.series.values() if s.last_at), default=None)

    @property
    def last_step(self) -> int | None:
        """The highest step that any series reached."""
        return max((s.last_step for s in self.series.values() if s.last_step is not None), default=None)

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        builders: dict[str, _Builder] = {}
        for row in bundle.rows("metrics"):
            name = fields.text(row, "name")
            if name is not None and (name in builders or len(builders) < SERIES_LIMIT):
                builders.setdefault(name, _Builder(name)).add(row)
        part = bundle.part("metrics")
        if not builders and part.state is not PartState.COMPLETE:
            return Missing("metrics", part.reason or f"the metrics are {part.state}")
        return cls({name: builders[name].build() for name in sorted(builders)}, part)


def frame(bundle: Bundle) -> "pd.DataFrame":
    """Every metric point as a pandas frame: name, value, step, at, ingested_at (zone-aware UTC).

    For those who look for themselves; a verdict never needs it, so pandas is imported here and not before.
    """
    import pandas as pd  # noqa: PLC0415  (0.4 s that only this function is worth)

    columns = ["name", "value", "step", "at", "ingested_at"]
    table = pd.DataFrame([_point(row) for row in bundle.rows("metrics")], columns=columns)
    for column in ("at", "ingested_at"):
        table[column] = pd.to_datetime(table[column], utc=True)
    table["step"] = table["step"].astype("Int64")
    return table


def _point(row: fields.Row) -> tuple[object, ...]:
    """A row of the frame: the three words for what JSON cannot say as numbers, other text as it is."""
    value = _value(row)
    return (
        fields.text(row, "name"),
        fields.text(row, "value") if value is None else value,
        fields.whole(row, "step"),
        fields.instant(row, "at"),
        fields.instant(row, "ingested_at"),
    )


@dataclass(slots=True)
class _Builder:
    """Collects one series; points may come in any order, so times are sorted before anything is concluded."""

    name: str
    count: int = 0
    last_ingested_at: datetime | None = None
    last_step: int | None = None
    not_finite: int = 0
    times: "array[float]" = field(default_factory=lambda: array("d"))
    lows: "array[float]" = field(default_factory=lambda: array("d"))
    highs: "array[float]" = field(default_factory=lambda: array("d"))

    def add(self, row: fields.Row) -> None:
        self.count += 1
        step, at, ingested = (
            fields.whole(row, "step"),
            fields.instant(row, "at"),
            fields.instant(row, "ingested_at"),
        )
        if step is not None:
            self.last_step = step if self.last_step is None else max(self.last_step, step)
        if ingested is not None:
            self.last_ingested_at = max(ingested, self.last_ingested_at or ingested)
        value = _value(row)
        self.not_finite += value is not None and not math.isfinite(value)
        if at is not None:
            self._place(at.timestamp(), value)

    def _place(self, at: float, value: float | None) -> None:
        self.times.append(at)
        low, high = _span(value)
        self.lows.append(low)
        self.highs.append(high)
        if len(self.times) >= POINTS:
            self._halve()

    def _ordered(self) -> list[tuple[float, float, float]]:
        return sorted(zip(self.times, self.lows, self.highs, strict=True))

    def _halve(self) -> None:
        """Join neighbours two by two, keeping the lowest and highest of both."""
        kept = _joined(self._ordered(), 2)
        self.times, self.lows, self.highs = (array("d", column) for column in zip(*kept, strict=True))

    def build(self) -> MetricSeries:
        points = self._ordered()
        meter = GapMeter()
        for (earlier, _, _), (later, _, _) in pairwise(points):
            meter.add(later - earlier, _instant(earlier))
        finite = [index for index, (_, low, _) in enumerate(points) if math.isfinite(low)]
        tail = [p for p in (points[finite[-1] + 1 :] if finite else points) if p[1] == -math.inf]
        return MetricSeries(
            name=self.name,
            count=self.count,
            first_at=_instant(points[0][0]) if points else None,
            last_at=_instant(points[-1][0]) if points else None,
            last_ingested_at=self.last_ingested_at,
            last_step=self.last_step,
            not_finite=self.not_finite,
            not_finite_since=_instant(tail[0][0]) if tail else None,
            gaps=meter.gaps(),
            buckets=tuple(_buckets(points)),
        )


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _joined(points: list[tuple[float, float, float]], width: int) -> list[tuple[float, float, float]]:
    return [_union(points[index : index + width]) for index in range(0, len(points), width)]


def _union(group: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    """When the group begins, and the span of its finite values, where there are any."""
    told = [point for point in group if math.isfinite(point[1])] or group
    return group[0][0], min(low for _, low, _ in told), max(high for _, _, high in told)


def _span(value: float | None) -> tuple[float, float]:
    """Lowest and highest of one value. One that is not finite spans everything, one that is no number nothing."""
    if value is None:
        return math.inf, -math.inf
    return (value, value) if math.isfinite(value) else (-math.inf, math.inf)


def _buckets(points: list[tuple[float, float, float]]) -> Iterator[Bucket]:
    width = max(1, -(-len(points) // BUCKETS))
    for at, low, high in _joined(points, width):
        yield Bucket(_instant(at), low if math.isfinite(low) else None, high if math.isfinite(high) else None)


def _value(row: fields.Row) -> float | None:
    """A number as float, the three words for what JSON cannot say as the float they name; other text has none."""
    value = row.get("value")
    if isinstance(value, str):
        return float(value.lower()) if value in ("NaN", "Infinity", "-Infinity") else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None
