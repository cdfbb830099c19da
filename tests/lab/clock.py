"""The lab clock: hours pass in seconds, by one linear map that every channel shares."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime


def iso(lab: float | None) -> str | None:
    """A lab time as bundles write it: UTC, milliseconds, a final Z."""
    if lab is None:
        return None
    return datetime.fromtimestamp(lab, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def parse(text: str) -> float:
    """Seconds since the epoch of an ISO time with a final Z."""
    return datetime.fromisoformat(text).timestamp()


@dataclass(frozen=True, slots=True)
class LabClock:
    """Lab time = t0 + (real - real0) * scale. All values are seconds."""

    t0: float
    real0: float
    mono0: float
    scale: float

    @classmethod
    def start(cls, t0: str, scale: float) -> "LabClock":
        """A clock that shows `t0` now and runs `scale` times as fast as a real one."""
        return cls(parse(t0), time.time(), time.monotonic(), scale)

    def lab(self, real: float) -> float:
        """The lab time of a real time, a file's mtime for one."""
        return self.t0 + (real - self.real0) * self.scale

    def now(self) -> float:
        """The lab time now."""
        return self.lab(time.time())

    def real_seconds(self, lab_seconds: float) -> float:
        """How long a lab duration really takes."""
        return lab_seconds / self.scale

    def environment(self) -> dict[str, str]:
        """What shim/sitecustomize.py needs to show the same time inside the executed script."""
        return {
            "LAB_T0": repr(self.t0),
            "LAB_REAL0": repr(self.real0),
            "LAB_MONO0": repr(self.mono0),
            "LAB_SCALE": repr(self.scale),
        }
