"""A record's fields, read without trusting them: absent, null or of the wrong type all read as nothing."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from diagnose.report import visible

Node = Mapping[str, object]


def node(parent: Node, key: str) -> Node:
    """The object under `key`; an empty one when there is none."""
    value = parent.get(key)
    return value if isinstance(value, Mapping) else {}


def items(parent: Node, key: str) -> Sequence[object]:
    """The list under `key`; an empty one when there is none."""
    value = parent.get(key)
    return value if isinstance(value, (list, tuple)) else ()


def nodes(parent: Node, key: str) -> list[Node]:
    """The objects of the list under `key`, in its order."""
    return [each for each in items(parent, key) if isinstance(each, Mapping)]


def strings(parent: Node, key: str) -> list[str]:
    """The strings of the list under `key`, as they are."""
    return [each for each in items(parent, key) if isinstance(each, str)]


def raw(parent: Node, key: str) -> str | None:
    """The string under `key` as it is: to compare or look up, never to show."""
    value = parent.get(key)
    return value if isinstance(value, str) and value else None


def text(parent: Node, key: str, limit: int = 200) -> str | None:
    """The string or number under `key` as one visible line."""
    value = parent.get(key)
    if isinstance(value, (int, float)) and number(parent, key) is not None:
        return str(value)
    return visible.line(value, limit) if isinstance(value, str) and value.strip() else None


def prose(parent: Node, key: str, limit: int = 1200) -> str | None:
    """The sentences under `key` as one visible line."""
    value = raw(parent, key)
    return visible.prose(value, limit) if value and value.strip() else None


def number(parent: Node, key: str) -> float | None:
    """The finite number under `key`."""
    return finite(parent.get(key))


def finite(value: object) -> float | None:
    """`value` when it is a finite number that a float can hold; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def whole(parent: Node, key: str) -> int | None:
    """The number under `key` as a count or a size: never negative."""
    value = number(parent, key)
    return None if value is None else max(int(value), 0)


def moment(value: object) -> datetime | None:
    """The time that `value` says, in UTC; None when it says none that a calendar has."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    try:
        at = datetime.fromisoformat(value)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def when(parent: Node, key: str) -> datetime | None:
    """The time under `key`, in UTC."""
    return moment(parent.get(key))


def seconds(parent: Node, key: str) -> float | None:
    """The time under `key` in seconds since 1970."""
    at = when(parent, key)
    return at.timestamp() if at else None
