"""Avro container files: a header with a mark of sixteen bytes, which closes the header and every block after it."""

from diagnose.evidence.formats.window import (
    Format,
    Judgement,
    Window,
    begins_with,
    intact,
    suffixes,
    truncated,
    unknown,
)

_MAGIC = b"Obj\x01"
_MARK = 16
_MAX_ENTRIES = 1000


def _long(data: bytes, at: int) -> tuple[int, int]:
    """A zigzag number and where it ends. Raises IndexError past the end, ValueError at what is none."""
    value = 0
    for shift in range(0, 70, 7):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value >> 1 ^ -(value & 1), at
    raise ValueError


def _mark_at(data: bytes) -> int:
    """Where the mark begins, behind the map of the header. Raises IndexError past the end, ValueError at no map."""
    at = len(_MAGIC)
    for _ in range(_MAX_ENTRIES):
        count, at = _long(data, at)
        if count == 0:
            return at
        if count < 0:
            _, at = _long(data, at)
        for _ in range(2 * abs(count)):
            length, at = _long(data, at)
            if length < 0 or at > len(data):
                raise ValueError if length < 0 else IndexError
            at += length
    raise ValueError


def _judge(window: Window) -> Judgement:
    try:
        start = _mark_at(window.head)
    except IndexError:
        return _cut_header(window)
    except ValueError:
        return unknown("its header cannot be read")
    mark = window.head[start : start + _MARK]
    if len(mark) < _MARK:
        return _cut_header(window)
    if window.tail.endswith(mark):
        return intact("closed by its mark")
    return truncated("does not end with the mark that closes each of its blocks")


def _cut_header(window: Window) -> Judgement:
    if window.size <= len(window.head):
        return truncated("cut inside its header")
    return unknown("its header is longer than the bytes that were read")


FORMATS = (Format("avro", suffixes("avro"), begins_with(_MAGIC), _judge, (_MAGIC,), distinct=True),)
