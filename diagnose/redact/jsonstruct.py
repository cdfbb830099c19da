"""Answers of a service, redacted as JSON: what comes out still parses, and has the same fields."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from diagnose.redact.keyed import is_secret_value, kind_of
from diagnose.redact.names import Trust, trust_of

if TYPE_CHECKING:
    from diagnose.redact.redactor import Redactor

_DEEPEST = 200
_NAMES, _VALUES = ("name", "key", "Name", "Key", "variable"), ("value", "Value", "val")
ENDS = ("head", "tail")
"""Fields of a row of outputs that hold the first and last bytes of a file."""


def clean(value: object, name: str, redactor: "Redactor", depth: int = 0) -> object:
    """The value without its secrets; `name` says which it is."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, str):
        return redactor.text(name, value)
    if isinstance(value, Mapping):
        return dict(_fields(value, name, redactor, depth))
    if isinstance(value, (list, tuple)):
        return _items(value, name, redactor, depth)
    return value


def _fields(
    value: Mapping[object, object], name: str, redactor: "Redactor", depth: int
) -> Iterator[tuple[str, object]]:
    named = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), None)
    for key, each in value.items():
        said = redactor.text(name, str(key))
        if key in ENDS and isinstance(each, str) and "size" in value:
            yield said, masked(each, name, redactor)
        elif isinstance(key, str) and _is_secret(key, each):
            yield said, redactor.secret(name, str(each), kind_of(key))
        elif key in _VALUES and isinstance(named, str) and _is_secret(named, each):
            yield said, redactor.secret(name, str(each), kind_of(named))
        else:
            yield said, clean(each, name, redactor, depth + 1)


def _items(value: Sequence[object], name: str, redactor: "Redactor", depth: int) -> list[object]:
    result: list[object] = []
    flag = ""
    for each in value:
        if flag and isinstance(each, str) and _is_secret(flag, each):
            result.append(redactor.secret(name, each, kind_of(flag)))
        else:
            result.append(clean(each, name, redactor, depth + 1))
        flag = each.lstrip("-") if isinstance(each, str) and each.startswith("-") and "=" not in each else ""
    return result


def _is_secret(key: str, value: object) -> bool:
    trust = trust_of(key)
    if trust is Trust.NONE or isinstance(value, bool) or not isinstance(value, (str, int)):
        return False
    if isinstance(value, int):
        return trust is Trust.STRONG and abs(value) > 999
    if "://" in value or ";" in value or "\n" in value or " " in value.strip() or len(value) > 4096:
        return False  # it has a structure of its own, of which only the secret goes
    return is_secret_value(value, key, trust)


def masked(coded: str, name: str, redactor: "Redactor") -> str:
    """The first or last bytes of a file, in base64, with its secrets under stars: as many bytes as before."""
    try:
        data = base64.b64decode(coded, validate=True)
    except ValueError:
        return redactor.text(name, coded)
    found = redactor.spans(name, data)
    if not found:
        return coded
    for start, end, _new in found:
        stars = bytes(byte if byte in b"\r\n" else 0x2A for byte in data[start:end])
        data = data[:start] + stars + data[end:]
    return base64.b64encode(data).decode()


def line(data: bytes, name: str, redactor: "Redactor") -> bytes | None:
    """One line of JSON without its secrets; None where it is no JSON."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    made = clean(value, name, redactor)
    return data if made == value else json.dumps(made, ensure_ascii=False).encode("utf-8", "surrogatepass")
