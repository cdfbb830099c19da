"""ARM's limit: a bucket of reads for a subscription, refilled each second, and 429 where it is empty."""

import math
import threading
import time

from . import errors

LEFT = "x-ms-ratelimit-remaining-subscription-reads"


class Bucket:
    """So many reads at once, and so many a second."""

    def __init__(self, burst, per_s):
        self._burst, self._per_s = burst, per_s
        self._lock = threading.Lock()
        self._level, self._at = float(burst), time.monotonic()

    def take(self):
        """How many reads are left after this one; negative where there is none for it."""
        with self._lock:
            now = time.monotonic()
            self._level = min(self._burst, self._level + (now - self._at) * self._per_s)
            self._at = now
            if self._level < 1:
                return -1
            self._level -= 1
            return int(self._level)

    def refusal(self):
        """429, with the seconds until there is a read again."""
        with self._lock:
            seconds = max(1, math.ceil((1 - self._level) / self._per_s))
        message = "Number of 'read' requests for subscription exceeded the limit."
        told = errors.arm_plain(429, "SubscriptionRequestsThrottled", message)
        told.headers |= {"Retry-After": str(seconds), LEFT: "0"}
        return told
