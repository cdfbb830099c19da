"""The output files that lie in a download, each with its first and last bytes."""

import base64
from collections.abc import Mapping, Sequence
from typing import BinaryIO

from diagnose.collect.layouts import Place
from diagnose.evidence.bundle import Part, PartState
from diagnose.evidence.store import Store

END = 4096
"""Bytes that are kept of either end."""
LOOKED_AT = 2_000
"""Files of which the ends are kept; of more, only path and size are."""
INFLATED_MAX = 512 << 20
"""Bytes of archives that are inflated, over all files, only to reach the files' last bytes."""

_AS_TAKEN = "a download holds what was committed when it was taken; what came later, or never, is not in it"


def output_rows(
    store: Store, outputs: Sequence[tuple[Place, str]]
) -> tuple[list[Mapping[str, object]], Part]:
    """The rows of `outputs.jsonl`, sorted, and how much of the outputs they are. Times are never known."""
    if not outputs:
        return [], Part(
            PartState.NOT_COLLECTED,
            "there are no output files here, which does not tell whether the run wrote any",
        )
    rows: list[Mapping[str, object]] = []
    unread, total, left = 0, 0, INFLATED_MAX
    ordered = sorted(outputs, key=lambda item: (item[0].output, item[0].path))
    for number, (place, name) in enumerate(ordered):
        size = _size(store, name)
        head, tail, inflated = None, None, 0
        if number < LOOKED_AT and size is not None:
            head, tail, inflated = _ends(store, name, size, left)
        left -= inflated
        unread += tail is None
        total += size or 0
        rows.append(_row(place, size, head, tail))
    reason = _AS_TAKEN if not unread else f"{_AS_TAKEN}; {unread:,} of the files were not looked into"
    return rows, Part(PartState.PARTIAL, reason, len(rows), total)


def _size(store: Store, name: str) -> int | None:
    try:
        return store.size(name)
    except OSError:  # gone since it was listed
        return None


def _row(place: Place, size: int | None, head: bytes | None, tail: bytes | None) -> Mapping[str, object]:
    return {
        "output": place.output,
        "path": place.path,
        "size": size,
        "created_at": None,
        "modified_at": None,
        "blob_type": "file",
        "head": base64_of(head),
        "tail": base64_of(tail),
    }


def base64_of(data: bytes | None) -> str | None:
    """Bytes as a bundle spells them; None where nothing was read."""
    return None if data is None else base64.b64encode(data).decode("ascii")


def _ends(store: Store, name: str, size: int, may_inflate: int) -> tuple[bytes | None, bytes | None, int]:
    """Head, tail (None where not read) and how many bytes had to be inflated for the tail."""
    try:
        with store.open(name) as stream:
            head = stream.read(END)
            if size <= END:
                return head, head, 0
            if stream.seekable():
                stream.seek(-END, 2)
                return head, stream.read(END), 0
            return (head, _last(stream, head), size) if size <= may_inflate else (head, None, 0)
    except OSError:
        return None, None, 0


def _last(stream: BinaryIO, before: bytes) -> bytes:
    last = before
    while piece := stream.read(1 << 20):
        last = (last + piece)[-END:]
    return last
