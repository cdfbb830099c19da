"""Array files whose beginning says how long they are: HDF5, npy, safetensors."""

import ast
import json
import re
from collections.abc import Mapping
from math import prod

from diagnose.evidence.formats import pickled
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

_HDF5 = b"\x89HDF\r\n\x1a\n"
_NPY = b"\x93NUMPY"
_OFFSETS = re.compile(rb'"data_offsets"\s*:\s*\[\s*\d{1,18}\s*,\s*(\d{1,18})\s*\]')


def _compare(window: Window, needed: int, what: str) -> Judgement:
    if needed > window.size:
        return truncated(f"{what} says {needed} bytes, the file has {window.size}")
    if needed < window.size:
        return unknown(f"{what} says {needed} bytes, the file has {window.size - needed} more")
    return intact(f"as long as {what} says")


def _hdf5_start(window: Window) -> int | None:
    # A user block of 512 bytes or a power of two more may come first.
    return next((at for at in (0, 512, 1024, 2048) if window.head.startswith(_HDF5, at)), None)


def _hdf5(window: Window) -> Judgement:
    start = _hdf5_start(window) or 0
    head = window.head[start:]
    version = head[8] if len(head) > 8 else 0
    if version > 3:
        return unknown(f"superblock of version {version}, which is not known here")
    # Width of an address, and the base address after which extension or free space and end stand.
    width_at, base_at = {0: (13, 24), 1: (13, 28)}.get(version, (9, 12))
    width = head[width_at] if len(head) > width_at else 8
    address = head[base_at + 2 * width : base_at + 3 * width]
    if len(address) < width:
        return _cut_head(window, start + base_at + 3 * width, "superblock")
    if width not in (2, 4, 8) or address == b"\xff" * width:
        return unknown("its superblock states no end")
    end = int.from_bytes(address, "little")
    if end > window.size:
        return truncated(f"its superblock says {end} bytes, the file has {window.size}")
    if version == 3 and head[11] & 1:
        return truncated("still marked as open for writing: it was never closed")
    return intact(f"reaches the end of {end} bytes that its superblock states")


def _cut_head(window: Window, needed: int, what: str) -> Judgement:
    if needed > window.size:
        return truncated(f"cut inside its {what}")
    return unknown(f"its {what} is longer than the bytes that were read")


def _item_bytes(descr: object, depth: int = 0) -> int | None:
    """Bytes of one element of a npy type description; None for objects and what is not known."""
    if isinstance(descr, str):
        found = re.fullmatch(r"[<>|=]?([biufcSUVmM?])(\d{1,9})(\[[^\]]*\])?", descr)
        return int(found[2]) * (4 if found[1] == "U" else 1) if found else None
    if not isinstance(descr, list) or depth > 8:
        return None
    total = 0
    for field in descr:
        if not isinstance(field, tuple) or len(field) not in (2, 3):
            return None
        item = _item_bytes(field[1], depth + 1)
        count = _count(field[2]) if len(field) == 3 else 1
        if item is None or count is None:
            return None
        total += item * count
    return total


def _count(shape: object) -> int | None:
    if not isinstance(shape, tuple) or not all(isinstance(side, int) and side >= 0 for side in shape):
        return None
    return prod(shape)


def _npy(window: Window) -> Judgement:
    width = 2 if len(window.head) > 6 and window.head[6] == 1 else 4
    length = window.head[8 : 8 + width]
    start = 8 + width + int.from_bytes(length, "little")
    text = window.head[8 + width : start]
    if len(length) < width or len(text) < start - 8 - width:
        return _cut_head(window, start if len(length) == width else 8 + width, "header")
    header = _literal(text)
    count, item = _count(header.get("shape")), _item_bytes(header.get("descr"))
    if header.get("descr") == "|O":
        return _npy_objects(window, start)
    if count is None or item is None:
        return unknown("its header is of a kind not known here")
    return _compare(window, start + count * item, "its header")


def _npy_objects(window: Window, start: int) -> Judgement:
    size = window.size - start
    if not window.end_seen or size <= 0:
        return unknown("its end was not read") if size > 0 else truncated("its pickled objects are missing")
    return pickled.judge(Window(size, window.head[start:], window.tail[-size:]))


def _literal(text: bytes) -> Mapping[object, object]:
    """A Python literal as npy headers are; empty when it is none."""
    # A backslash never stands in such a header, and would make the compiler warn.
    if b"\\" in text:
        return {}
    try:
        value = ast.literal_eval(text.decode("latin-1").strip())
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return {}
    return value if isinstance(value, dict) else {}


def _safetensors_recognised(window: Window) -> bool:
    length = int.from_bytes(window.head[:8], "little")
    return window.head[8:9] == b"{" and 2 <= length < 1 << 28


def _safetensors(window: Window) -> Judgement:
    data = 8 + int.from_bytes(window.head[:8], "little")
    if data > window.size:
        return truncated(f"its header ends at byte {data}, the file at {window.size}")
    seen = window.head[8:data]
    end = max((int(found[1]) for found in _OFFSETS.finditer(seen)), default=0)
    if data + end > window.size:
        return truncated(f"a tensor ends at byte {data + end}, the file at {window.size}")
    if data > len(window.head):
        return unknown(f"its header of {data - 8} bytes is longer than what was read")
    try:
        json.loads(seen)
    except (ValueError, RecursionError):
        return unknown("its header cannot be read")
    return _compare(window, data + end, "its header")


FORMATS = (
    Format(
        "hdf5",
        suffixes("h5 hdf5 hdf he5 nc keras h5ad mat"),
        lambda window: _hdf5_start(window) is not None,
        _hdf5,
        (_HDF5,),
        distinct=True,
        needs_end=False,
    ),
    Format("npy", suffixes("npy"), begins_with(_NPY), _npy, (_NPY,), distinct=True, needs_end=False),
    Format("safetensors", suffixes("safetensors"), _safetensors_recognised, _safetensors, needs_end=False),
)
