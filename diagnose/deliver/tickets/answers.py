"""Fields of what a ticket system answered, read without trusting them."""

from collections.abc import Mapping
from typing import Any

from diagnose.deliver.tickets.calls import Reply
from diagnose.deliver.tickets.sink import DeliveryError, FileRefusedError
from diagnose.report.visible import line


def rows(value: Any, *keys: str) -> list[Mapping[str, Any]]:
    """The objects of the list under `keys`; none where there is no such list."""
    found = [value]
    for key in keys:
        found = [each.get(key) for each in found if isinstance(each, Mapping)]
    return [row for each in found if isinstance(each, list) for row in each if isinstance(row, Mapping)]


def text(value: Any, *keys: str) -> str:
    """The string or number under `keys`; an empty string when there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def number(value: Any, *keys: str) -> int:
    """The count under `keys`; 0 when there is none."""
    said = text(value, *keys)
    return int(said) if said.isdecimal() and len(said) < 19 else 0


def needed(value: Any, *keys: str, kind: str) -> str:
    """The same, where nothing goes on without it. Raises `DeliveryError`."""
    found = text(value, *keys)
    if not found:
        raise DeliveryError(
            f"The answer is not what {kind} says: it has no {'.'.join(keys)}. Check the address."
        )
    return found


def refuse_file(reply: Reply, system: str) -> None:
    """Raises `FileRefusedError` when a file was not taken; for use with statuses that were allowed."""
    if reply.status >= 400:
        said = next(
            filter(
                None,
                (
                    text(reply.json, *keys)
                    for keys in (("message",), ("error", "message"), ("error", "detail"))
                ),
            ),
            f"status {reply.status}",
        )
        raise FileRefusedError(f"{system} did not take the file: {line(said, 200)}")
