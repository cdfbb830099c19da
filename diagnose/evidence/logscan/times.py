"""The time that a log line begins with, in the formats that logs of runs are written in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from diagnose.evidence.logscan.stampforms import find_stamped
from diagnose.evidence.logscan.stamps import (
    DAY,
    MINUTE,
    Dated,
    DayLess,
    Undecided,
    fraction_micros,
    plain_second,
    read_stamp,
)

HOUR: Final = 60 * MINUTE
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OLDEST = 1_420_070_400_000_000
"""2015: there was no Azure Machine Learning service to run anything before."""


@dataclass(frozen=True, slots=True)
class TimeContext:
    """When a run can have written its logs: it chooses the year, the day and the order of day and month.

    Without it, a time that does not say them stays unknown.
    """

    earliest: datetime | None = None
    latest: datetime | None = None


def to_micros(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def to_datetime(micros: int) -> datetime:
    """The moment, in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


@dataclass(frozen=True, slots=True)
class Stamp:
    """The time of a line."""

    at: datetime
    zoned: bool
    """Whether the line names its zone; where it does not, UTC is taken, in which the nodes run."""


class LineClock:
    """Reads the times of one log, line by line and in order.

    Times are microseconds since 1970. A time before 2015, more than two days before the run was created, or
    more than a day after the evidence was captured is no time of a line, and is not returned.
    """

    def __init__(self, context: TimeContext = TimeContext()) -> None:  # frozen
        self._from = (
            _OLDEST if context.earliest is None else max(_OLDEST, to_micros(context.earliest) - 2 * DAY)
        )
        self._to = None if context.latest is None else to_micros(context.latest) + DAY
        self._start = None if context.earliest is None else to_micros(context.earliest)
        self._years = _years(context)
        self._last: int | None = None
        self._elapsed = False

    def read(self, line: bytes) -> int | None:
        """The time of the next line; None when it begins with none, or with none that is certain."""
        stamp = read_stamp(line, self._years)
        if stamp is None:
            return None
        if isinstance(stamp, DayLess) and self._last is None and stamp.micros < 10 * MINUTE:
            # A file whose first clock shows a few minutes past midnight more likely counts from its start, unless the run
            # itself began then.
            self._elapsed = not self._began_near(stamp.micros)
        micros = self._resolve(stamp, self._last, HOUR)
        if micros is not None:
            self._last = micros
        return micros

    def read_all(self, lines: bytes) -> tuple[list[int], list[int]]:
        """Where the lines with a time begin, and their times; what `read` says line by line, much faster."""
        starts, times = list[int](), list[int]()
        text, low, high = b"\n" + lines, self._from, self._to or 1 << 62
        for found in find_stamped(text):
            start = found.start()
            second, fraction, _zone = found.groups()
            if second is None:
                end = text.find(b"\n", start + 1)
                micros = self.read(text[start + 1 : end if end >= 0 else len(text)])
            else:
                micros = plain_second(second)
                if micros is not None:
                    micros += fraction_micros(fraction)
                    micros = micros if low <= micros <= high else None
            if micros is not None:
                self._last = micros
                starts.append(start)
                times.append(micros)
        return starts, times

    def peek(self, line: bytes, near: int | None) -> int | None:
        """The time of a line out of order; `near` is a time from its neighbourhood, for one without a day."""
        stamp = read_stamp(line, self._years)
        return None if stamp is None else self._resolve(stamp, near, DAY // 2)

    def forget(self) -> None:
        """The next line does not follow the last: a part of the log is missing here."""
        self._last = None

    def _resolve(self, stamp: Dated | DayLess | Undecided, near: int | None, back: int) -> int | None:
        if isinstance(stamp, Dated):
            return stamp.micros if self._possible(stamp.micros) else None
        if isinstance(stamp, DayLess):
            return None if self._elapsed else self._on_a_day(stamp.micros, near, back)
        fitting = {micros for micros in stamp.candidates if self._possible(micros)}
        bounded = self._to is not None and self._start is not None
        return fitting.pop() if len(fitting) == 1 and (bounded or stamp.certain_alone) else None

    def _began_near(self, time: int) -> bool:
        """Whether the clock showed this time when the run had just been created."""
        return self._start is not None and (time - (self._start - MINUTE)) % DAY <= 30 * MINUTE

    def _possible(self, micros: int) -> bool:
        return self._from <= micros and (self._to is None or micros <= self._to)

    def _on_a_day(self, time: int, near: int | None, back: int) -> int | None:
        """The first such time from `back` before `near` on; without `near`, the run's only one."""
        if near is not None:
            found = near - back + (time - (near - back)) % DAY
            return found if self._possible(found) else None
        if self._start is None or self._to is None:
            return None
        # A node's clock may be a little ahead of or behind the service's.
        first = self._start - MINUTE + (time - (self._start - MINUTE)) % DAY
        latest = self._to - DAY + MINUTE
        return first if first <= latest < first + DAY else None


def find_time(line: bytes, context: TimeContext = TimeContext()) -> Stamp | None:  # frozen
    """The time of a line on its own."""
    stamp = read_stamp(line, _years(context))
    micros = LineClock(context).read(line)
    if stamp is None or micros is None:
        return None
    return Stamp(to_datetime(micros), stamp.zoned)


def _years(context: TimeContext) -> range:
    """The years that a run's logs can be of; none while that is not bounded."""
    if context.earliest is None or context.latest is None:
        return range(0)
    # Not more than a few: whoever wrote the bundle may have written any dates.
    return range(context.earliest.year - 1, context.latest.year + 2)[:20]
