"""Whether an output is whole, judged from its name, its size and its first and last bytes alone.

What each format lets two ends of 4,096 bytes prove about a file whose tail was cut:

| format | cuts found | what its format does not permit to tell |
| --- | --- | --- |
| Parquet, ORC, Arrow file, Feather v1, xz, bzip2, PNG | all | |
| HDF5, npy, SQLite | all | HDF5 behind a user block: once its signature is there; unknown behind one of 4 KiB or more |
| safetensors | all behind byte 8 | unknown where the header is longer than 4 KiB |
| zip family | all | unknown: inside a comment over 4 KiB, behind a member that is an archive itself |
| tar | all behind byte 107 | unknown: just behind a member, since some writers leave the closing blocks out; a cut of whole \
blocks of the padding behind the two closing ones loses nothing |
| Avro | all but those at the end of a block | unknown where the header is longer than 4 KiB |
| ONNX, SavedModel | in the graph and what must follow it | between two fields behind those; a part where the middle is not read |
| pickle | all to 8 KiB, and in the first frame | later, where the last byte left happens to be STOP |
| JPEG | in headers and in compressed data | unknown where tables or foreign bytes are last |
| PDF | all but those behind an earlier end marker | a cut behind an earlier revision |
| JSON | all to 8 KiB | later, behind an inner value over 4 KiB of the outer one's kind |
| JSON Lines | inside a line | between two lines |
| CSV, TSV | in any field but a row's last | at a line end; inside the last field it is unknown |
| gzip, Zstandard | all to 8 KiB | unknown beyond: neither states a length in front |
| Arrow stream | in its schema | unknown: its end marker is optional |
| pickle of protocol 0 or 1 | all to 8 KiB, by the name | unknown beyond, and where the first opcodes are cut |
| old torch file | in its first pickle | unknown: raw numbers follow its pickles |
| other protobuf, text … | none | unknown: nothing states an end |

An intact file is never called truncated; content decides over the name.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

from diagnose.evidence.formats import BY_CONTENT, BY_NAME
from diagnose.evidence.formats.window import (
    END_BYTES,
    Format,
    IntegrityState,
    Judgement,
    Window,
    truncated,
    unknown,
)

__all__ = ["Integrity", "IntegrityState", "judge"]

_LONG_NULS = 512


@dataclass(frozen=True, slots=True)
class Integrity:
    """Whether one file is whole, as far as its two ends can tell."""

    format: str | None
    """The format that the bytes are, or that the name promises where they do not say; None for neither."""
    state: IntegrityState
    detail: str
    """Why, in half a sentence."""


def judge(path: str, size: int | None, head: bytes | None, tail: bytes | None) -> Integrity:
    """Judge a file by its name, its size and up to 4,096 bytes of either end. Never raises."""
    named = _named(path)
    promised = named[0].name if named else None
    if size == 0:
        return Integrity(promised, IntegrityState.EMPTY, "zero bytes")
    window = _window(size, head or b"", tail or b"")
    if isinstance(window, str):
        return Integrity(promised, IntegrityState.UNKNOWN, window)
    if promised != "tar" and not (window.head + window.tail).strip(b"\0"):
        return _nuls(window, promised)
    return _judge_by_content(window, named) or _judge_by_name(window, named)


def _named(path: str) -> tuple[Format, ...]:
    """The formats that the name's last suffix promises, best first."""
    suffix = PurePosixPath(path.lower().rstrip("/")).suffix.removeprefix(".")
    return tuple(form for form in BY_NAME if suffix in form.suffixes)


def _window(size: int | None, head: bytes, tail: bytes) -> Window | str:
    """The file's two ends, or why nothing can be seen through them."""
    head, tail = head[:END_BYTES], tail[-END_BYTES:]
    if size is None and head and head == tail and len(head) < END_BYTES:
        size = len(head)
    if size is None or size < 0:
        return "its size is not known"
    if not head:
        return "its beginning was not read"
    if max(len(head), len(tail)) > size:
        return f"more bytes were read than its size of {size}: it was still changing"
    # One read may have brought all of a small file.
    window = Window(size, head, tail or (head if len(head) == size else b""))
    overlap = len(head) + len(window.tail) - size
    if overlap > 0 and head[-overlap:][: len(window.tail)] != window.tail[: len(head)][:overlap]:
        return "its two ends do not fit together: it was still changing"
    return window


def _nuls(window: Window, promised: str | None) -> Integrity:
    whole = window.whole is not None or window.end_seen
    detail = "nothing but NUL bytes where it was read: room was made for it, nothing was written"
    if promised and whole and promised not in _MAY_BEGIN_WITH_NULS:
        return Integrity(promised, IntegrityState.TRUNCATED, detail)
    return Integrity(promised, IntegrityState.UNKNOWN, detail)


# HDF5 may begin with a block of the user's own.
_MAY_BEGIN_WITH_NULS = frozenset({"hdf5"})


def _judge_by_content(window: Window, named: tuple[Format, ...]) -> Integrity | None:
    """The first format that the bytes are and that can tell; else the first that they are; else None."""
    undecided: Integrity | None = None
    names = {form.name for form in named}
    for form in (*named, *(other for other in BY_CONTENT if other.name not in names)):
        promised = form in named
        if not form.recognises(window):
            continue
        found = _judge_as(form, window)
        if not promised and not form.distinct and found.state is IntegrityState.TRUNCATED:
            # Two or three letters are no proof of a format that the name does not promise.
            continue
        if found.state is not IntegrityState.UNKNOWN:
            return Integrity(form.name, found.state, found.detail)
        if promised or form.distinct:
            undecided = undecided or Integrity(form.name, found.state, found.detail)
    return undecided


def _judge_as(form: Format, window: Window) -> Judgement:
    if form.needs_end and not window.end_seen:
        return unknown("its end was not read")
    found = form.judge(window)
    nuls = window.trailing_nuls
    if found.state is not IntegrityState.TRUNCATED or not nuls:
        return found
    if nuls == len(window.tail):
        return (
            truncated(f"{found.detail}; it ends in {nuls} NUL bytes or more") if nuls >= _LONG_NULS else found
        )
    # Stores that write in pages fill up the last of them.
    padded = form.judge(window.without_trailing_nuls())
    if padded.state is IntegrityState.INTACT:
        return Judgement(padded.state, f"{padded.detail}; {nuls} NUL bytes follow")
    return truncated(f"{found.detail}; it ends in {nuls} NUL bytes") if nuls >= _LONG_NULS else found


def _judge_by_name(window: Window, named: tuple[Format, ...]) -> Integrity:
    """No format knows the bytes: cut inside the first few of them, or something else."""
    if not named:
        return Integrity(None, IntegrityState.UNKNOWN, "no format that is known here")
    whole = window.whole
    if whole is not None and any(magic.startswith(whole) for form in named for magic in form.magics):
        return Integrity(
            named[0].name, IntegrityState.TRUNCATED, f"only the first {len(whole)} bytes of its signature"
        )
    return Integrity(
        named[0].name,
        IntegrityState.UNKNOWN,
        f"its bytes are not those of {named[0].name}, nor of another known format",
    )
