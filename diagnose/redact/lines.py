"""JSON Lines in blocks: only lines that may hold a secret are parsed at all."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from diagnose.redact import jsonstruct
from diagnose.redact.nominating import nominated

if TYPE_CHECKING:
    from diagnose.redact.redactor import Redactor

BLOCK = 1 << 20


def cleaned(pieces: Iterable[bytes], name: str, redactor: "Redactor", *, every: bool) -> Iterator[bytes]:
    """The lines without their secrets, in their order; with `every`, all of them are parsed."""
    held = b""
    for piece in pieces:
        held += piece
        if len(held) >= BLOCK and (cut := held.rfind(b"\n") + 1):
            yield _block(held[:cut], name, redactor, every=every)
            held = held[cut:]
    if held:
        yield _block(held, name, redactor, every=every)


def _block(data: bytes, name: str, redactor: "Redactor", *, every: bool) -> bytes:
    done, result = 0, list[bytes]()
    for place in range(len(data)) if every else nominated(data):
        if place < done:
            continue
        start = data.rfind(b"\n", done, place) + 1 or done
        end = data.find(b"\n", max(place, start))
        end = len(data) if end < 0 else end
        result += [data[done:start], _line(data[start:end], name, redactor)]
        done = end
    return b"".join([*result, data[done:]])


def _line(data: bytes, name: str, redactor: "Redactor") -> bytes:
    made = jsonstruct.line(data, name, redactor) if data.strip() else data
    return b"".join(redactor.stream(name, [data])) if made is None else made
