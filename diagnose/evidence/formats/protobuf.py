"""Models as protobuf messages, ONNX and TensorFlow's SavedModel: their graph states its length in front.

The fields of a message stand in a row, each with its length or of a known one, and nothing closes the row: a cut between
two fields is told only where a field that the model must have is missing.
"""

from collections.abc import Iterator

from diagnose.evidence.formats.window import Format, Judgement, Window, intact, suffixes, truncated, unknown

_VARINT, _LONG, _BYTES, _INT = 0, 1, 2, 5
_FIXED = {_LONG: 8, _INT: 4}
_LONGEST_HEAD = 20
"""Bytes of a field's key and length, at most."""
_MAX_FIELDS = 4096
_ONNX_VERSION, _ONNX_GRAPH, _ONNX_OPSETS = 1, 7, 8
_SAVED_GRAPHS = 2
_OPSETS_SINCE = 3
"""The version of ONNX from which a model must say its operator sets."""


class _Foreign(Exception):  # noqa: N818  (no error: the bytes are of another kind)
    """The bytes at this place are no field of a message."""


class _Hidden(Exception):  # noqa: N818
    """The next field lies between the bytes that were read."""


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte and where it ends. Raises IndexError past the end."""
    value = 0
    for shift in range(0, 70, 7):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise _Foreign


def _fields(window: Window) -> Iterator[tuple[int, int, int]]:
    """Each field's number, its value where that is a number, and where it ends, which may be behind the file's end."""
    at = 0
    for _ in range(_MAX_FIELDS):
        if at >= window.size:
            return
        head = window.at(at, min(_LONGEST_HEAD, window.size - at))
        if head is None:
            raise _Hidden
        try:
            field, value, length = _field(head)
        except IndexError:
            yield 0, 0, window.size + 1
            return
        at += length
        yield field, value, at
    raise _Hidden


def _field(head: bytes) -> tuple[int, int, int]:
    """Number, value and length of the field that begins here. Raises IndexError where its head is cut."""
    key, at = _number(head, 0)
    field, kind = key >> 3, key & 7
    if not field or kind not in (_VARINT, _LONG, _BYTES, _INT):
        raise _Foreign
    if kind in _FIXED:
        return field, 0, at + _FIXED[kind]
    value, at = _number(head, at)
    return field, value, at + value if kind == _BYTES else at


def _judge(window: Window, needed: frozenset[int], what: str) -> Judgement:
    seen: dict[int, int] = {}
    try:
        for field, value, end in _fields(window):
            if end > window.size:
                return truncated(
                    f"a field of the {what} ends at byte {end} or later, the file at {window.size}"
                )
            seen.setdefault(field, value)
    except _Foreign:
        return unknown("not made as such a message is")
    except _Hidden:
        return unknown("its later fields lie between the bytes that were read")
    if what == "ONNX model" and seen.get(_ONNX_VERSION, 0) < _OPSETS_SINCE:
        needed -= {_ONNX_OPSETS}
    if not needed <= seen.keys():
        return truncated(f"the {what} ends before a field that it must have")
    return intact("its last field ends with the file")


def _onnx_recognised(window: Window) -> bool:
    return window.head[:1] == b"\x08" and 1 <= (window.head[1:2] or b"\0")[0] < 64


def _onnx(window: Window) -> Judgement:
    return _judge(window, frozenset({_ONNX_GRAPH, _ONNX_OPSETS}), "ONNX model")


def _saved_model_recognised(window: Window) -> bool:
    return window.head[:3] == b"\x08\x01\x12"


def _saved_model(window: Window) -> Judgement:
    return _judge(window, frozenset({_SAVED_GRAPHS}), "saved model")


FORMATS = (
    Format("onnx", suffixes("onnx"), _onnx_recognised, _onnx),
    Format("saved-model", suffixes("pb"), _saved_model_recognised, _saved_model),
)
