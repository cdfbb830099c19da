"""Numbers as people read them: times, durations, sizes and counts, the same in every view and locale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SPANS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_SIZES = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shown(Generic[T]):
    """The first few of a list, and a sentence for the rest, or None when all are here."""

    items: tuple[T, ...]
    more: str | None


def shown(items: Sequence[T], limit: int, total: float | None = None) -> Shown[T]:
    """The first `limit` of `items`; `total` counts also those that the record itself left out."""
    left_out = max(len(items), int(total or 0)) - min(len(items), limit)
    return Shown(tuple(items[:limit]), f"… and {left_out:,} more" if left_out else None)


def duration(seconds: float) -> str:
    """`4 h 49 min`: the two largest units, rounded down, as a clock that is read. Seconds, never negative."""
    left = max(seconds, 0.0)
    if left < 10 and left != int(left):
        return f"{left:.1f} s"
    left = int(left)
    for place, (span, unit) in enumerate(_SPANS[:-1]):
        if left >= span:
            smaller, name = _SPANS[place + 1]
            rest = left % span // smaller
            return f"{left // span:,} {unit}" + (f" {rest} {name}" if rest else "")
    return f"{left} s"


def size(count: float) -> str:
    """`100.0 MiB` for a number of bytes."""
    if count < 1024:
        return f"{int(count)} B"
    place = -1
    while count >= 1023.95 and place + 1 < len(_SIZES):
        count /= 1024
        place += 1
    return f"{count:,.1f} {_SIZES[place]}"


def exact_bytes(count: float) -> str:
    """`104,857,600 bytes`."""
    return plural(int(count), "byte")


def plural(count: int, noun: str) -> str:
    """`1 line`, `830 lines`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def number(value: float) -> str:
    """A measured value in at most six significant digits."""
    return f"{value:.6g}"


def clock(at: datetime) -> str:
    """`09:12:40`."""
    return f"{at:%H:%M:%S}"


def day(at: datetime) -> str:
    """`20 Nov 2026`."""
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def stamp(at: datetime) -> str:
    """`20 Nov 2026, 09:12:40 UTC`."""
    return f"{day(at)}, {clock(at)} UTC"


def iso(at: datetime) -> str:
    """`2026-11-20T09:12:40Z`, for machines."""
    return at.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def span(start: datetime, end: datetime) -> str:
    """`20 Nov 2026, 07:58 to 14:02 UTC`; the second day is named when it is another."""
    other = "" if start.date() == end.date() else f"{day(end)}, "
    return f"{day(start)}, {start:%H:%M} to {other}{end:%H:%M} UTC"


def distance(at: datetime, reference: datetime, event: str) -> str:
    """`4 h 49 min before the capture`: where `at` lies, seen from `reference`, which is called `event`."""
    seconds = (reference - at).total_seconds()
    if abs(seconds) < 1:
        return f"at {event}"
    return f"{duration(abs(seconds))} {'before' if seconds > 0 else 'after'} {event}"
