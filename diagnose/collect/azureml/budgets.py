"""How many requests a second each service is asked, so that none has to refuse one: all runs of a scan share one budget."""

import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import cast

from pyrate_limiter import Rate, RateItem, StateBucket, TokenBucket

from diagnose.collect.azureml.clouds import CLOUDS

HOLD_MAX_S = 300.0
"""A service that asks for a longer pause is asked again after this one: whoever waits decides whether to go on."""
LEFT_MIN = 6
"""Reads of a subscription that are left to others: where fewer remain, ARM is given the time to refill."""
REFILL_PER_S = 25.0
"""What ARM gives a subscription back each second."""
_CALM_S = 2.0
"""Seconds without a refusal after which a service that refuses is asked a little more."""
_CALM_STEP = 1.15
_BURST_S = 1.0
"""Refusals within so many seconds are one."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one kind of service may be asked: `per_s` on average, `burst` at once; `most_s`, `least_s`: how far that may move."""

    per_s: float
    burst: int
    most_s: float
    least_s: float


ALLOWANCES = {
    # 250 reads and 25 a second are given to each subscription. A little less is taken, since the two clocks differ.
    "arm": Allowance(24.5, 240, 24.5, 24.5),
    # Nobody publishes a number for run history and MLflow, so it is felt for.
    "data": Allowance(50.0, 50, 200.0, 1.0),
    # 20,000 a second and account; this is to spare the machine that asks.
    "storage": Allowance(500.0, 500, 1000.0, 5.0),
    "log analytics": Allowance(5.0, 5, 5.0, 0.2),
}
"""By kind; whoever is not here is asked as often as somebody wants."""


def kind_of(host: str) -> str:
    """`arm`, `data`, `storage`, `log analytics`, or `sign-in` for all others."""
    for cloud in CLOUDS.values():
        if host == cloud.arm:
            return "arm"
        if host == cloud.analytics:
            return "log analytics"
        if cloud.is_storage(host):
            return "storage"
        if cloud.is_workspace(host):
            return "data"
    return "sign-in"


def seconds_asked(headers: Mapping[str, str]) -> float | None:
    """What a `Retry-After` asks for; None where there is none that anyone understands."""
    said = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    try:
        seconds = float(said)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(said).timestamp() - time.time()
        except (TypeError, ValueError, OverflowError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


class Budgets:
    """The budgets of one process; thread-safe. `share`: of what the services give, a worker of n takes 1/n.

    `clock` in seconds; both it and `sleep` are given by tests.
    """

    def __init__(
        self,
        share: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self.waited_s: dict[str, float] = defaultdict(float)
        """Seconds that were waited, by kind of service."""
        self.share = share
        self._stopped = threading.Event()
        self._clock, self._sleep = clock, sleep or self._stopped.wait
        self._lock = threading.Lock()
        self._lanes: dict[str, _Lane] = {}

    def wait(self, host: str) -> float:
        """Block until a request to this host fits its budget; returns the seconds that it took."""
        kind, waited = kind_of(host), 0.0
        while not self._stopped.is_set() and (pause := self._pause(host, kind)) > 0:
            self._sleep(pause)
            waited += pause
        if waited:
            with self._lock:
                self.waited_s[kind] += waited
        return waited

    def heard(self, host: str, status: int, headers: Mapping[str, str]) -> None:
        """What a service answered: whether it refused, how long it wants to be left alone, how much it has left."""
        kind, asked, left = kind_of(host), seconds_asked(headers), _left(headers)
        with self._lock:
            lane = self._lane(host, kind)
            if status in (429, 503):
                lane.refused()
                lane.hold(1.0 if asked is None else asked)
            elif kind == "arm" and left is not None and left < LEFT_MIN:
                lane.hold((LEFT_MIN - left) / (REFILL_PER_S * self.share))

    def hold(self, host: str, seconds: float) -> None:
        """Ask nothing of this host for so long."""
        with self._lock:
            self._lane(host, kind_of(host)).hold(seconds)

    def held_s(self, host: str) -> float:
        """For how long nothing is asked of this host yet."""
        with self._lock:
            return max(0.0, self._lane(host, kind_of(host)).held_until - self._clock())

    def per_s(self, host: str) -> float:
        """How often this host is asked at most, on average; infinite where there is no limit."""
        with self._lock:
            return self._lane(host, kind_of(host)).per_s

    def stop(self) -> None:
        """Somebody interrupted: nobody waits any more."""
        self._stopped.set()

    def _pause(self, host: str, kind: str) -> float:
        with self._lock:
            return self._lane(host, kind).pause()

    def _lane(self, host: str, kind: str) -> "_Lane":
        if host not in self._lanes:
            self._lanes[host] = _Lane(ALLOWANCES.get(kind), self.share, self._clock)
        return self._lanes[host]


class _Lane:
    """The requests to one host."""

    def __init__(self, allowance: Allowance | None, share: float, clock: Callable[[], float]) -> None:
        self.per_s = math.inf
        self.held_until = -math.inf
        self._clock, self._bucket = clock, None
        if allowance is not None:
            self.per_s, burst = allowance.per_s * share, max(1, int(allowance.burst * share))
            self._least, self._most = allowance.least_s * share, allowance.most_s * share
            self._bucket = StateBucket([_rate(self.per_s, burst)], TokenBucket())
        self._refused_at = -math.inf
        self._changed_at = clock()

    def pause(self) -> float:
        """Seconds to wait and ask again; 0.0 where a request may leave, which is counted."""
        now = self._clock()
        if self.held_until > now:
            return self.held_until - now
        if self._bucket is None:
            return 0.0
        if now - self._changed_at >= _CALM_S and self.per_s < self._most:
            self._change(min(self._most, self.per_s * _CALM_STEP))
        # The library's own waiting is not used: it sleeps where nobody can wake it.
        request = RateItem("request", int(now * 1000))
        return 0.0 if self._bucket.put(request) else max(1, cast("int", self._bucket.waiting(request))) / 1000

    def hold(self, seconds: float) -> None:
        """Nothing leaves for so long."""
        self.held_until = max(self.held_until, self._clock() + min(seconds, HOLD_MAX_S))

    def refused(self) -> None:
        """Half as often from now on; refusals of one burst count once."""
        now = self._clock()
        if self._bucket is not None and now - self._refused_at >= _BURST_S:
            self._refused_at = now
            self._change(max(self._least, self.per_s / 2))

    def _change(self, per_s: float) -> None:
        self._changed_at = self._clock()
        if self._bucket is not None and per_s != self.per_s:
            self.per_s = per_s
            self._bucket.rates = [_rate(per_s, max(1, int(per_s / 10)))]


def _rate(per_s: float, burst: int) -> Rate:
    return Rate(max(1, round(per_s * 1000)), 1_000_000, burst)


def _left(headers: Mapping[str, str]) -> int | None:
    """Reads that ARM has left for this subscription, by the scarcer of its two counts."""
    told = [
        int(value)
        for name, value in headers.items()
        if name.lower().startswith("x-ms-ratelimit-remaining-subscription") and name.lower().endswith("reads")
        if value.isdecimal() and len(value) < 10
    ]
    return min(told, default=None)
