"""What the beginning of a log line says of its time, be it all or only a part of the time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, TypeAlias

from diagnose.evidence.logscan.stampforms import (
    ACCESS_LOG,
    BEFORE,
    HOURS,
    JSON_TIME,
    LIKELY,
    MATCHERS,
    MONTHS,
    OF_SEVERAL_PLACES,
    match_plain,
)

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
DAY: Final = 24 * 60 * MINUTE


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment, in microseconds since 1970. `zoned`: the line names its zone, where it does not it is UTC."""

    micros: int
    zoned: bool


@dataclass(frozen=True, slots=True)
class DayLess:
    """A time of day, in microseconds since midnight; the day is not said."""

    micros: int
    zoned: bool = False


@dataclass(frozen=True, slots=True)
class Undecided:
    """What it may be: the year is not said, or which number is the day, or that it is a time at all."""

    candidates: tuple[int, ...]
    zoned: bool = False
    certain_alone: bool = False
    """A single candidate needs no knowledge of when the run was."""


AnyStamp: TypeAlias = Dated | DayLess | Undecided


def read_stamp(line: bytes, years: Iterable[int] = ()) -> AnyStamp | None:
    """What the beginning of a line (or a known field, where it is a JSON object) says of its time.

    `years` are those tried for a stamp without one.
    """
    plain = match_plain(line)
    if plain is not None:
        second, fraction, zone = plain.groups()
        start = plain_second(second)
        return None if start is None else Dated(start + fraction_micros(fraction), zone is not None)
    if line[:1] == b"{":
        return _from_json(line, years)
    if line.find(b":", 0, 120) < 0 and not line[:2].strip(b"[(")[:1].isdigit():
        return None
    before = BEFORE(line, 0, 120)
    start = before.end() if before else 0
    stamp = _at(line, start, years) if LIKELY(line, start) else None
    if stamp is None and b"/20" in line[:160]:
        access = ACCESS_LOG(line)
        return _at(line, access.end(), years) if access else None
    return stamp


def _at(line: bytes, start: int, years: Iterable[int]) -> AnyStamp | None:
    for match in MATCHERS:
        found = match(line, start)
        if found is not None:
            return _read(found.groupdict(), years)
    return None


@lru_cache(maxsize=256)
def plain_second(text: bytes) -> int | None:
    """Microseconds from 1970 to `2026-11-20 08:10:21`; None when there is no such second."""
    start, hour = _day(int(text[:4]), int(text[5:7]), int(text[8:10])), int(text[11:13])
    if start is None or hour > 23:
        return None
    return start + (hour * 60 + int(text[14:16])) * MINUTE + int(text[17:19]) * SECOND


def _read(found: dict[str, bytes | None], years: Iterable[int]) -> AnyStamp | None:
    if found.get("epoch"):
        return _epoch(found["epoch"] or b"", found["f"])
    clock, shift = _clock(found), _shift(found.get("zone"))
    if clock is None or shift is None:
        return None
    zoned = (found.get("zone") or b"") in HOURS or (found.get("zone") or b"")[-1:].isdigit()
    clock -= shift
    year = found.get("y") or found.get("z")
    if "a" in found:
        days = _days(_orders(found))
        return (
            Undecided(tuple(sorted({day + clock for day in days})), zoned, certain_alone=True)
            if days
            else None
        )
    if "d" not in found:
        return DayLess(clock % DAY, zoned)
    month = int(found["m"] or 0) if "m" in found else MONTHS.index(found["mon"] or b"") + 1
    day = int(found["d"] or 0)
    if year is None:
        return Undecided(tuple(start + clock for start in _days((y, month, day) for y in years)), zoned)
    start = _day(int(year), month, day)
    return None if start is None else Dated(start + clock, zoned)


def _orders(found: dict[str, bytes | None]) -> Iterator[tuple[int, int, int]]:
    """The dates that three numbers may mean, as (year, month, day)."""
    a, b, c = (int(found[key] or 0) for key in "abc")
    short = c < 100
    if short:
        yield 2000 + a, b, c
    if not found["spark"]:
        yield (2000 + c if short else c), a, b
        yield (2000 + c if short else c), b, a


def _days(dates: Iterable[tuple[int, int, int]]) -> list[int]:
    return [start for parts in dates if parts[0] >= 2015 and (start := _day(*parts)) is not None]


def _clock(found: dict[str, bytes | None]) -> int | None:
    """Microseconds since midnight."""
    hour, half = int(found["H"] or 0), (found.get("half") or b"").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == b"p" else 0)
    if hour > 23:
        return None
    return (
        (hour * 60 + int(found["M"] or 0)) * MINUTE
        + int(found["S"] or 0) * SECOND
        + fraction_micros(found["f"])
    )


def fraction_micros(digits: bytes | None) -> int:
    """The digits behind a second's point, as microseconds; more than six are cut."""
    return int(digits[:6].ljust(6, b"0")) if digits else 0


def _shift(zone: bytes | None) -> int | None:
    """How far a zone is ahead of UTC; None when its name means several."""
    if zone is None:
        return 0
    if zone in OF_SEVERAL_PLACES:
        return None
    if zone in HOURS:
        return HOURS[zone] * 60 * MINUTE
    digits = zone[-6:].lstrip(b"UTCGM").replace(b":", b"")
    if not digits[1:].isdigit():
        return 0
    hours, minutes = (digits[1:-2], digits[-2:]) if len(digits) > 3 else (digits[1:], b"0")
    ahead = (int(hours) * 60 + int(minutes)) * MINUTE
    return -ahead if digits[:1] == b"-" else ahead


def _epoch(whole: bytes, fraction: bytes | None) -> Dated | Undecided:
    micros = int(whole) * SECOND + fraction_micros(fraction)
    # Ten digits may be any number; with a fraction they are hardly anything else.
    return Dated(micros, zoned=True) if fraction else Undecided((micros,), zoned=True)


def _from_json(line: bytes, years: Iterable[int]) -> AnyStamp | None:
    """The first usual field that holds a time; a number is seconds, or milli-, micro-, nanoseconds."""
    for found in JSON_TIME(line, 0, 4000):
        text, number, fraction = found.groups()
        if text is not None:
            stamp = _at(text + b" ", 0, years)
            if stamp is not None:
                return stamp
        elif len(number) in (10, 13, 16, 19):
            micros = int(number) * SECOND // 10 ** (len(number) - 10)
            return Dated(micros + (fraction_micros(fraction) if len(number) == 10 else 0), zoned=True)
    return None


@lru_cache(maxsize=1024)
def _day(year: int, month: int, day: int) -> int | None:
    """Microseconds from 1970 to the start of that day; None when there is no such day."""
    try:
        return (date(year, month, day).toordinal() - 719_163) * DAY
    except ValueError:
        return None
