"""How the dated lines of a log are spread over time, in bounded memory."""

from diagnose.evidence.loglines import Density
from diagnose.evidence.pace import GapMeter, Gaps
from diagnose.evidence.times import to_datetime

BINS = 240
_SECOND = 1_000_000
_LONG_AGO = to_datetime(0)


class LinePace:
    """Takes the times of lines as microseconds since 1970, in the order of the lines."""

    def __init__(self) -> None:
        self.first: int | None = None
        self.last: int | None = None
        self.stamped = 0
        self._width = _SECOND
        self._bins: dict[int, int] = {}
        self._low = self._high = 0
        self._meter = GapMeter()

    def add(self, micros: int, *, lines: int = 1, sampled: bool = False) -> None:
        """A line at `micros` that stands for `lines` lines; `sampled` when lines before it were left out."""
        self.stamped += 1
        last = self.last
        if last is None or self.first is None:
            self.first = self.last = micros
            self._low = self._high = micros // self._width
        elif micros > last:
            self._gap(last, micros, sampled=sampled)
            self.last = micros
        elif micros < self.first:
            self.first = micros
        self._count(micros, lines)

    def density(self) -> Density:
        """The histogram so far."""
        if not self._bins:
            return Density()
        counts = tuple(self._bins.get(n, 0) for n in range(self._low, self._high + 1))
        return Density(to_datetime(self._low * self._width), self._width / _SECOND, counts)

    def gaps(self) -> Gaps:
        """The gaps between successive distinct times; lines out of order make none."""
        return self._meter.gaps()

    def _gap(self, last: int, micros: int, *, sampled: bool) -> None:
        seconds, meter = (micros - last) / _SECOND, self._meter
        if seconds > meter.longest:
            if sampled:
                meter.longest, meter.longest_from = seconds, to_datetime(last)
            else:
                meter.add(seconds, to_datetime(last))
        elif not sampled:
            if meter.count % meter.stride:
                meter.count += 1  # the meter would not keep it: saves most of the time
            else:
                meter.add(seconds, _LONG_AGO)  # only the longest gap needs to know when it began

    def _count(self, micros: int, lines: int) -> None:
        n = micros // self._width
        if not self._low <= n <= self._high:
            self._low, self._high = min(n, self._low), max(n, self._high)
            while self._high - self._low >= BINS:
                self._halve()
            n = micros // self._width
        self._bins[n] = self._bins.get(n, 0) + lines

    def _halve(self) -> None:
        """Half as many bins of twice the width, on a grid that does not depend on what came first."""
        self._width *= 2
        bins: dict[int, int] = {}
        for n, lines in self._bins.items():
            bins[n >> 1] = bins.get(n >> 1, 0) + lines
        self._bins, self._low, self._high = bins, self._low >> 1, self._high >> 1
