"""How far a scan is: one line that is drawn anew at a terminal, and elsewhere a line every 30 seconds."""

import logging
import sys
import time

from diagnose.messages import NOTICE, passing

log = logging.getLogger("diagnose")

_DRAWN_S, _SAID_S = 0.2, 30.0
_BAR = 20


class Progress:
    """Tells of `done` of `total` runs, `stuck` of them, at a rate, with the time that is left."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.stuck = total, 0, 0
        self._began = self._drawn = self._said = time.monotonic()

    def step(self, *, is_trouble: bool) -> None:
        """One run more."""
        self.done += 1
        self.stuck += is_trouble
        self.show()

    def show(self) -> None:
        """Say it, where it was not just said."""
        now = time.monotonic()
        if now - self._drawn >= _DRAWN_S or self.done == self.total:
            self._drawn = now
            passing(f"{self._bar()} {self.sentence()}")
        if now - self._said >= _SAID_S and not (sys.stderr and sys.stderr.isatty()):
            self._said = now
            log.log(NOTICE, "%s", self.sentence())

    def sentence(self) -> str:
        """Such as `120 of 340 runs, 8.1/s, 12 stuck, 27 s left`."""
        rate = self.done / max(time.monotonic() - self._began, 1e-3)
        left = (
            f", {_length((self.total - self.done) / rate)} left"
            if self.done and self.done < self.total
            else ""
        )
        return f"{self.done:,} of {self.total:,} runs, {rate:.1f}/s, {self.stuck:,} stuck{left}"

    def end(self) -> None:
        """Take the line away."""
        passing("")

    def _bar(self) -> str:
        full = _BAR * self.done // max(self.total, 1)
        return f"[{'#' * full}{'.' * (_BAR - full)}]"


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return (
        f"{minutes // 60} h {minutes % 60} min"
        if minutes >= 60
        else f"{minutes} min {rest} s"
        if minutes
        else f"{rest} s"
    )
