"""Fields of hostile JSON, read as the type that was promised or as `None`; a wrong type is never guessed into a right one."""

import base64
import binascii
import math
from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

from diagnose.evidence.instants import parse_instant

Row: TypeAlias = Mapping[str, object]

TEXT_LIMIT = 20_000
"""Characters of one text field that are kept: an error message of the service is cut at 3,000 already."""
WHOLE_LIMIT = 1 << 63
"""No size, step, pid or exit code of any service is beyond 64 bits."""


def text(row: Row, key: str) -> str | None:
    """The string under `key`, bounded; numbers become their decimal form; anything else is `None`."""
    value = row.get(key)
    if isinstance(value, str):
        return value[:TEXT_LIMIT]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def whole(row: Row, key: str) -> int | None:
    """The integer under `key`, of at most 64 bits; `True`, `1.5` and `"1"` are not integers."""
    value = row.get(key)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if -WHOLE_LIMIT <= value < WHOLE_LIMIT else None


def size(row: Row, key: str) -> int | None:
    """A number of bytes or of things: an integer that is not negative."""
    value = whole(row, key)
    return value if value is not None and value >= 0 else None


def number(row: Row, key: str) -> float | None:
    """The finite number under `key`."""
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        result = float(value)
    except OverflowError:
        return None
    return result if math.isfinite(result) else None


def flag(row: Row, key: str) -> bool | None:
    """The truth value under `key`; absent is `None` and not `False`."""
    value = row.get(key)
    return value if isinstance(value, bool) else None


def instant(row: Row, key: str) -> datetime | None:
    """The time under `key`, in UTC."""
    return parse_instant(row.get(key))


def table(row: Row, key: str) -> Row:
    """The object under `key`; empty when there is none."""
    value = row.get(key)
    return value if isinstance(value, Mapping) else {}


def texts(row: Row, key: str) -> dict[str, str]:
    """The object under `key` as text to text (tags, properties); nested values are left out."""
    pairs = ((str(name), text(table(row, key), name)) for name in table(row, key))
    return {name: value for name, value in pairs if value is not None}


def rows(row: Row, key: str, limit: int = 1000) -> tuple[Row, ...]:
    """The objects in the list under `key`, at most `limit` of them."""
    value = row.get(key)
    return (
        tuple(item for item in value if isinstance(item, Mapping))[:limit] if isinstance(value, list) else ()
    )


def raw_bytes(row: Row, key: str) -> bytes | None:
    """The bytes behind the base64 text under `key`; broken base64 is unknown, not empty."""
    value = row.get(key)
    if not isinstance(value, str):
        return None
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
