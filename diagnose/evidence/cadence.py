"""The run's own pace in each channel, so that silence is measured in multiples of it and not against one number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogFile, LogKind, Logs
from diagnose.evidence.metrics import Metrics
from diagnose.evidence.outputs import Outputs
from diagnose.evidence.pace import GapMeter, Gaps
from diagnose.evidence.run import Phase, RunRecord

SKEW_S = 15.0
"""Clocks of service, node and blob storage were seen to differ by up to 11 s."""
ENOUGH_LINES = 30
"""Lines without a time that make a pace by their number, for as long as they came evenly."""
ENOUGH_GAPS = 3
"""Fewer gaps than this make no pace."""
SHORTEST_SILENCE_S = 300.0
"""No silence shorter than this is called one: an upload, a validation pass or a garbage collection fits in it."""


class Beat(StrEnum):
    """How a channel's silence compares with its own pace."""

    ALIVE = "alive"
    """Shorter than twice the longest pause that the run itself made before."""
    SILENT = "silent"
    """Longer than four times the longest pause."""
    UNCLEAR = "unclear"
    """In between, or with too few signs for a pace of its own."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way in which the run shows that it lives. Times are UTC, gaps in seconds."""

    name: str
    """log, metric or output."""
    first_at: datetime
    last_at: datetime
    gaps: Gaps
    mean_s: float | None = None
    """Where no line tells its time: how long the run had for each of them. It shows life, and never silence."""

    def silence_s(self, now: datetime) -> float:
        """Seconds without a sign; never negative."""
        return max(0.0, (now - self.last_at).total_seconds())

    @property
    def longest_pause_s(self) -> float | None:
        """The longest pause that was followed by another sign; `None` while there is no pace."""
        return self.gaps.longest_s if self.gaps.count >= ENOUGH_GAPS else None

    def beat(self, now: datetime) -> Beat:
        """Whether it lives, by its own measure."""
        silence, pause = self.silence_s(now), self.longest_pause_s
        if (self.last_at - now).total_seconds() > SHORTEST_SILENCE_S:
            return Beat.UNCLEAR  # its clock runs ahead, so its last sign may be of any age
        if pause is not None and silence > max(4 * pause, SHORTEST_SILENCE_S):
            return Beat.SILENT
        usual = pause or min(self.mean_s or 0.0, SHORTEST_SILENCE_S)
        return Beat.ALIVE if silence <= max(2 * usual, 2 * SKEW_S) else Beat.UNCLEAR


@dataclass(frozen=True, slots=True)
class Cadence:
    """Every channel of the user's own work. What the runtime writes of itself is kept apart: it lives on regardless."""

    derived_from: ClassVar[tuple[type, ...]] = (RunRecord, Logs, Metrics, Outputs, Lifecycle)

    now: datetime | None
    """The end of the run or the moment of the capture, whichever was first; `None`: no silence can be measured."""
    captured_at: datetime | None
    """When the evidence was captured, by the service's clock."""
    channels: tuple[Channel, ...]
    runtime_at: datetime | None
    """The node's runtime lived at this time."""

    def channel(self, name: str) -> Channel | None:
        """The channel of that name, if it gave any sign."""
        return next((channel for channel in self.channels if channel.name == name), None)

    @property
    def last_at(self) -> datetime | None:
        """The last sign of life of the user's work in any channel."""
        return max((channel.last_at for channel in self.channels), default=None)

    @property
    def silence_s(self) -> float | None:
        """Seconds from the last sign in any channel to the end of what was seen."""
        if self.now is None or self.last_at is None:
            return None
        return max(0.0, (self.now - self.last_at).total_seconds())

    @property
    def beat(self) -> Beat:
        """Alive when one channel is, silent when all that have a pace are and the others are no fresher."""
        now = self.now
        if now is None:
            return Beat.UNCLEAR
        beats = [channel.beat(now) for channel in self.channels]
        if Beat.ALIVE in beats:
            return Beat.ALIVE
        pauses = [pause for channel in self.channels if (pause := channel.longest_pause_s) is not None]
        longest = max(4 * max(pauses, default=0.0), SHORTEST_SILENCE_S)
        quiet = all(channel.silence_s(now) > longest for channel in self.channels)
        return Beat.SILENT if pauses and quiet else Beat.UNCLEAR

    @property
    def produces(self) -> bool:
        """Whether metrics or outputs still come at their own pace: work gets done, whatever the log says."""
        now = self.now
        return now is not None and any(c.beat(now) is Beat.ALIVE for c in self.channels if c.name != "log")

    @property
    def silent_channels(self) -> tuple[Channel, ...]:
        """The channels that have fallen silent by their own measure."""
        now = self.now
        return tuple(c for c in self.channels if now is not None and c.beat(now) is Beat.SILENT)

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        run, lifecycle = bundle.get(RunRecord), bundle.get(Lifecycle)
        ended = None if isinstance(run, Missing) else _end(run)
        return cls(
            now=min((at for at in (ended, bundle.manifest.captured_at) if at), default=None),
            captured_at=bundle.manifest.captured_at,
            channels=tuple(_channels(bundle)),
            runtime_at=None if isinstance(lifecycle, Missing) else lifecycle.last_line_at,
        )


def _end(run: RunRecord) -> datetime | None:
    """The end that the service recorded, unless it lies before the start and so says nothing."""
    if run.ended_at and run.started_at and (run.started_at - run.ended_at).total_seconds() > SKEW_S:
        return None
    return run.ended_at


def _channels(bundle: Bundle) -> Iterator[Channel]:
    logs, metrics, outputs = bundle.get(Logs), bundle.get(Metrics), bundle.get(Outputs)
    run = bundle.get(RunRecord)
    # A log is written to once more when its run is ended, so that tells nothing of its pace.
    since = None if isinstance(run, Missing) or run.phase is not Phase.OPEN else run.started_at
    if not isinstance(logs, Missing):
        yield from _merge("log", [c for f in logs.files if f.kind is LogKind.USER for c in _log(f, since)])
    if not isinstance(metrics, Missing):
        series = [s for s in metrics.series.values() if s.first_at and s.last_at]
        yield from _merge("metric", [Channel("metric", s.first_at, s.last_at, s.gaps) for s in series])  # type: ignore[arg-type]
    if not isinstance(outputs, Missing):
        yield from _outputs(sorted(blob.modified_at for blob in outputs.results if blob.modified_at))


def _log(file: LogFile, since: datetime | None) -> Iterator[Channel]:
    """The stamps in the lines; where there are none, the time at which the file was last written to."""
    if file.first_at and file.last_at:
        last = max(file.last_at, file.modified_at) if file.modified_at else file.last_at
        yield Channel("log", file.first_at, last, file.gaps)
    elif file.modified_at and file.size:
        yield Channel("log", file.modified_at, file.modified_at, Gaps(), _mean(file, since))


def _mean(file: LogFile, since: datetime | None) -> float | None:
    """How long a log without times took for a line; a bar that is drawn again and again is one line of many segments."""
    lines = max(file.lines, len(file.tail))
    if since is None or file.modified_at is None or lines < ENOUGH_LINES:
        return None
    return max(0.0, (file.modified_at - since).total_seconds() / lines)


def _merge(name: str, channels: list[Channel]) -> Iterator[Channel]:
    """One channel of several (ranks, series): it lives as long as any, at the pace of its busiest."""
    if channels:
        busiest = max(channels, key=lambda channel: (channel.gaps.count, channel.gaps.longest_s or 0.0))
        first, last = min(c.first_at for c in channels), max(c.last_at for c in channels)
        yield Channel(name, first, last, busiest.gaps, busiest.mean_s)


def _outputs(times: Iterable[datetime]) -> Iterator[Channel]:
    written, meter = list(times), GapMeter()
    for earlier, later in pairwise(written):
        meter.add((later - earlier).total_seconds(), earlier)
    if written:
        yield Channel("output", written[0], written[-1], meter.gaps())
