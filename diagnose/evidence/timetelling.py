"""Whether a figure that changes from line to line only tells the time: how long it has been, or how long it will wait."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from itertools import pairwise

UNITS_S = (0.001, 1.0, 60.0, 3600.0)
RISES = 3
"""Units that it must have grown by: less may be chance."""


class Role(Enum):
    """What a figure at one place of a line does from one line to the next that says the same."""

    SAME = "does not change"
    TIME = "tells how long it has been, or how long the pause will be"
    COUNT = "grows by one each time"
    """It may count attempts, and it may count work."""
    EVEN = "grows evenly, as the clock does"
    """It may count minutes, and it may count work that is done at that pace."""
    OTHER = "changes"


def role_of(values: Sequence[float], times: Sequence[datetime | None]) -> Role:
    """The role of a figure by its values and the times of its lines; without times only a count can be told."""
    steps = [later - earlier for earlier, later in pairwise(values)]
    if not any(steps):
        return Role.SAME
    known = [time.timestamp() for time in times if time]
    timed = len(known) == len(values) and known[0] != known[-1]
    if len(set(steps)) == 1 and steps[0] == int(steps[0]):
        even = Role.EVEN if timed and _is_elapsed(values, known) else Role.OTHER
        return Role.COUNT if steps[0] == 1 else even
    return Role.TIME if timed and (_is_elapsed(values, known) or _is_pause(values, known)) else Role.OTHER


def _is_elapsed(values: Sequence[float], times: Sequence[float]) -> bool:
    """Whether it grows as the clock does, in one unit of time."""
    return any(
        values[-1] - values[0] >= RISES
        and all(
            abs((value - values[0]) - (at - times[0]) / unit) <= max(1.01, 0.03 * (at - times[0]) / unit)
            for value, at in zip(values, times, strict=True)
        )
        for unit in UNITS_S
    )


def _is_pause(values: Sequence[float], times: Sequence[float]) -> bool:
    """Whether it is the pause up to the next line, and not what the line before it took."""
    gaps = [later - earlier for earlier, later in pairwise(times)]
    for unit in UNITS_S:
        pauses = [value * unit for value in values]
        told = list(zip(pauses, gaps, strict=False))
        fits = all(0 < 0.95 * pause <= gap <= 1.25 * pause + 5 for pause, gap in told)
        grows = all(later >= earlier for earlier, later in pairwise(values))
        before = [abs(pause - gap) for pause, gap in zip(pauses[1:], gaps, strict=True)]
        if fits and (grows or 2 * sum(abs(pause - gap) for pause, gap in told) < sum(before)):
            return True
    return False
