"""How the dated lines of a log are spread over time, in bounded memory."""

from collections import Counter
from collections.abc import Sequence

from diagnose.evidence.logscan.loglines import Density
from diagnose.evidence.logscan.times import to_datetime
from diagnose.evidence.pace import GapMeter, Gaps

BINS = 240
_SECOND = 1_000_000


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

    def add_all(self, times: Sequence[int]) -> None:
        """As `add` for each, several times as fast."""
        if self.last is None or self.first is None:
            self.add(times[0])
            times = times[1:]
        if not times or self.last is None or self.first is None:
            return
        self.stamped += len(times)
        self.first = min(self.first, *times)
        self._gaps_between(self.last, times)
        width = self._width  # which may double meanwhile
        for n, lines in Counter([micros // width for micros in times]).items():
            self._count(n * width, lines)

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
        if not sampled:
            meter.add(seconds, to_datetime(last))
        elif seconds > meter.longest:
            meter.longest, meter.longest_from = seconds, to_datetime(last)

    def _gaps_between(self, last: int, times: Sequence[int]) -> None:
        """All gaps of a block. The meter is asked only where it would keep the gap, which is seldom."""
        meter = self._meter
        longest, count, stride = meter.longest * _SECOND, meter.count, meter.stride
        for micros in times:
            if micros > last:
                if micros - last > longest or not count % stride:
                    meter.count = count
                    meter.add((micros - last) / _SECOND, to_datetime(last))
                    longest, count, stride = meter.longest * _SECOND, meter.count, meter.stride
                else:
                    count += 1
                last = micros
        meter.count = count
        self.last = last

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
