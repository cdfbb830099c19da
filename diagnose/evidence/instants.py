"""Moments in time as bundles spell them: ISO 8601 text, read tolerantly and written in one form."""

import re
from datetime import UTC, datetime, timedelta, timezone

_INSTANT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]"
    r"(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,](?P<fraction>[0-9]{1,12}))?"
    r" ?(?P<zone>[Zz]|UTC|(?P<sign>[+-])(?P<hours>[0-9]{2}):?(?P<minutes>[0-9]{2}))?"
)


def parse_instant(value: object) -> datetime | None:
    """The moment that a field names, in UTC; None when it names none.

    Takes what the service and its clients write: a final `Z`, `+00:00` or no zone at all (then it is
    UTC), and one to twelve digits of a second, of which six are kept. Year 1 is how the service writes
    "no time".
    """
    found = _INSTANT.fullmatch(value.strip()) if isinstance(value, str) and len(value) < 100 else None
    if found is None:
        return None
    micros = (found["fraction"] or "")[:6].ljust(6, "0")
    try:
        at = datetime.fromisoformat(f"{found['date']}T{found['time']}").replace(
            microsecond=int(micros), tzinfo=_zone(found)
        )
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):  # the 30th of February, hour 25, a zone that leads before year 1
        return None
    return at if at.year > 1 else None


def format_instant(at: datetime | None) -> str | None:
    """ISO 8601 in UTC with a final `Z`: whole seconds, milliseconds or microseconds, whichever loses nothing.

    A moment without a zone is taken as UTC.
    """
    if at is None:
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    if at.microsecond == 0:
        precision = "seconds"
    else:
        precision = "microseconds" if at.microsecond % 1000 else "milliseconds"
    return at.replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def _zone(found: re.Match[str]) -> timezone:
    if found["sign"] is None:
        return UTC
    ahead = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
    return timezone(-ahead if found["sign"] == "-" else ahead)
