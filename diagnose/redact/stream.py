"""Bytes of any length in pieces of any size: redacted in blocks of whole lines, with a little held back."""

from collections.abc import Callable, Iterable, Iterator

from diagnose.redact.regions import BEHIND

BLOCK = 1 << 20
_HELD = 8 << 10
_KEY_HELD = 64 << 10
Spans = Callable[[bytes], list[tuple[int, int, bytes]]]


def through(pieces: Iterable[bytes], spans: Spans) -> Iterator[bytes]:
    """The pieces with every find of `spans` replaced. No more than two blocks are held at a time."""
    held, waiting, size = b"", list[bytes](), 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size < BLOCK:
            continue
        data, at, waiting, size = b"".join(waiting), 0, [], 0
        while at < len(data):
            step = max(BLOCK - len(held), BLOCK // 4)
            done, held = _redacted(held + data[at : at + step], spans, is_last=False)
            at += step
            yield done
    done, _ = _redacted(b"".join([held, *waiting]), spans, is_last=True)
    if done:
        yield done


def _redacted(data: bytes, spans: Spans, *, is_last: bool) -> tuple[bytes, bytes]:
    found = spans(data)
    safe = len(data) if is_last else _safe(data)
    for start, end, _new in found:
        if start < safe < end:
            safe = start
    pieces, done = [], 0
    for start, end, new in found:
        if start >= safe:
            break
        pieces += [data[done:start], new]
        done = end
    if not pieces:
        return (data, b"") if safe == len(data) else (data[:safe], data[safe:])
    return b"".join([*pieces, data[done:safe]]), data[safe:]


def _safe(data: bytes) -> int:
    """Up to where nothing depends on what is still to come: the last lines, and the beginning of a key, wait."""
    safe = len(data)
    for _ in range(BEHIND + 1):
        line = data.rfind(b"\n", max(0, len(data) - 4 * _HELD), max(0, safe - 1))
        if line < 0:
            break
        safe = line + 1
    if safe == len(data):
        safe = max(0, len(data) - _HELD)
    opened = data.rfind(b"-----BEGIN ", max(0, len(data) - _KEY_HELD))
    if opened >= 0 and data.find(b"-----END ", opened) < 0:
        safe = min(safe, data.rfind(b"\n", 0, opened) + 1)
    return safe
