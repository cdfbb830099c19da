"""The gaps between successive events, measured in bounded memory: the pace of a log, of a metric, of the outputs."""

from dataclasses import dataclass, field
from datetime import datetime

KEPT = 1024
"""Gaps kept for the quantiles; when full, every other one is dropped and only every second, fourth … is taken."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is known of the gaps, in seconds; the quantiles are `None` while there were no gaps."""

    count: int = 0
    median_s: float | None = None
    p95_s: float | None = None
    longest_s: float | None = None
    longest_from: datetime | None = None
    """When the longest gap began."""


@dataclass(slots=True)
class GapMeter:
    """Takes gaps one by one, keeps a bounded, evenly spaced sample of them."""

    count: int = 0
    longest: float = 0.0
    longest_from: datetime | None = None
    stride: int = 1
    kept: list[float] = field(default_factory=list)

    def add(self, seconds: float, began_at: datetime) -> None:
        """One gap of `seconds` that began at `began_at`. Events at the same instant or out of order make none."""
        if seconds <= 0:
            return
        if seconds > self.longest:
            self.longest, self.longest_from = seconds, began_at
        if self.count % self.stride == 0:
            self.kept.append(seconds)
            if len(self.kept) > KEPT:
                self.kept = self.kept[::2]
                self.stride *= 2
        self.count += 1

    def gaps(self) -> Gaps:
        """The gaps so far."""
        if not self.kept:
            return Gaps()
        ordered = sorted(self.kept)
        return Gaps(
            count=self.count,
            median_s=ordered[len(ordered) // 2],
            p95_s=ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))],
            longest_s=self.longest,
            longest_from=self.longest_from,
        )
