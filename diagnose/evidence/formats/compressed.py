"""Compressed streams: gzip, bzip2, xz, Zstandard. Small ones are proven by inflating them, bounded."""

import bz2
import lzma
import zlib
from typing import Protocol
from zlib import crc32

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

_BUDGET = 16 << 20
"""Bytes inflated at most, all thrown away: eight kilobytes can announce gigabytes."""
_STEP = 1 << 20
_BZ2_END = 0x177245385090
_ZSTD = b"\x28\xb5\x2f\xfd"
_ZSTD_SKIPPED = tuple(bytes((0x50 + kind, 0x2A, 0x4D, 0x18)) for kind in range(16))
_MAX_FRAMES = 4096
_MOST_PACKED = 1032


class _Inflater(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /, max_length: int) -> bytes: ...


def _new(magic: bytes) -> _Inflater:
    match magic[:1]:
        case b"\x1f":
            return zlib.decompressobj(wbits=31)
        case b"B":
            return bz2.BZ2Decompressor()
        case _:
            return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=128 << 20)


def _inflated(data: bytes) -> Judgement:
    """Inflate every member of a wholly visible stream."""
    budget = _BUDGET
    magic = data[:2]
    while True:
        inflater = _new(magic)
        budget = _spend(inflater, data, budget)
        if budget <= 0:
            return unknown("too much to inflate for a proof")
        if not inflater.eof:
            return truncated("its compressed stream ends before its end marker")
        data = inflater.unused_data.lstrip(b"\0")
        if not data.startswith(magic):
            return (
                intact("its compressed stream and checksum end with the file")
                if not data
                else unknown("other bytes follow its compressed stream")
            )


def _spend(inflater: _Inflater, data: bytes, budget: int) -> int:
    """Inflate until the end, the input or the budget is used up; what is left of the budget."""
    while budget > 0 and not inflater.eof:
        out = inflater.decompress(data, _STEP)
        budget -= len(out)
        # zlib hands back what it could not yet take, the others keep it.
        data = getattr(inflater, "unconsumed_tail", b"")
        if not out and not data:
            break
    return budget


def _small(window: Window) -> Judgement | None:
    """The proof by inflating where all is visible; None where it is not."""
    whole = window.whole
    if whole is None:
        return None
    try:
        return _inflated(whole)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, MemoryError):
        return unknown("its compressed stream is damaged or of a kind not known here")


def _gzip(window: Window) -> Judgement:
    if window.size < 18:
        return truncated(f"{window.size} bytes are too few for a gzip member")
    proof = _small(window)
    if proof is not None:
        return proof
    # Deflate packs at most 1,032 bytes into one, so a stream of this size cannot have held what its end would state.
    if window.end_seen and int.from_bytes(window.tail[-4:], "little") > _MOST_PACKED * window.size:
        return truncated("its last bytes are no trailer: they would state more than so few bytes can hold")
    return unknown("gzip states no length: only inflating all of it could tell")


def _bzip2(window: Window) -> Judgement:
    proof = _small(window)
    if proof is not None:
        return proof
    # The end marker and a checksum of 32 bits close the stream at any bit, so up to seven bits follow.
    last = int.from_bytes(window.tail[-11:], "big")
    if any(last >> 32 + bits & (1 << 48) - 1 == _BZ2_END for bits in range(8)):
        return intact("closed by its end-of-stream marker")
    return truncated("begins as bzip2 but does not end with its end-of-stream marker")


def _xz(window: Window) -> Judgement:
    proof = _small(window)
    if proof is not None:
        return proof
    footer = window.tail[-12:]
    if footer.endswith(b"YZ") and crc32(footer[4:10]) == int.from_bytes(footer[:4], "little"):
        return intact("closed by its footer")
    return truncated("begins as xz but does not end with its footer")


def _zstd(window: Window) -> Judgement:
    """Follow frames and blocks by their own lengths, as far as they can be seen."""
    at = 0
    for _ in range(_MAX_FRAMES):
        if at == window.size:
            return intact("its last block ends with the file")
        start = window.at(at, 8 if window.at(at, 4) in _ZSTD_SKIPPED else 6)
        if start is None:
            return _cut_or_unseen(window, at + 6)
        if start.startswith(_ZSTD_SKIPPED):
            at += 8 + int.from_bytes(start[4:8], "little")
        elif start.startswith(_ZSTD):
            after = _zstd_frame(window, at, start[4])
            if isinstance(after, Judgement):
                return after
            at = after
        else:
            return unknown("other bytes follow its last frame")
        if at > window.size:
            return truncated(f"a frame ends at byte {at}, the file at {window.size}")
    return unknown("more frames than were followed")


def _zstd_frame(window: Window, at: int, descriptor: int) -> int | Judgement:
    """Where the frame at `at` ends, or why that cannot be said."""
    single = descriptor >> 5 & 1
    at += 5 + (1 - single) + (0, 1, 2, 4)[descriptor & 3] + (single, 2, 4, 8)[descriptor >> 6]
    for _ in range(_MAX_FRAMES):
        block = window.at(at, 3)
        if block is None:
            return _cut_or_unseen(window, at + 3)
        header = int.from_bytes(block, "little")
        at += 3 + (1 if header >> 1 & 3 == 1 else header >> 3)
        if header & 1:
            return at + (4 if descriptor & 4 else 0)
    return unknown("more blocks than were followed")


def _cut_or_unseen(window: Window, needed: int) -> Judgement:
    if needed > window.size:
        return truncated(f"its next block would reach byte {needed} at least, the file ends at {window.size}")
    return unknown("its later blocks lie between the bytes that were read")


FORMATS = (
    Format(
        "gzip",
        suffixes("gz tgz gzip"),
        begins_with(b"\x1f\x8b\x08"),
        _gzip,
        (b"\x1f\x8b\x08",),
        distinct=True,
    ),
    Format(
        "bzip2",
        suffixes("bz2 tbz2"),
        begins_with(
            *(b"BZh%d1AY&SY" % level for level in range(1, 10)),
            *(b"BZh%d\x17rE8P\x90" % n for n in range(1, 10)),
        ),
        _bzip2,
        tuple(b"BZh%d1AY&SY" % level for level in range(1, 10))
        + tuple(b"BZh%d\x17rE8P\x90" % n for n in range(1, 10)),
        distinct=True,
    ),
    Format("xz", suffixes("xz txz"), begins_with(b"\xfd7zXZ\0"), _xz, (b"\xfd7zXZ\0",), distinct=True),
    Format("zstd", suffixes("zst zstd"), begins_with(_ZSTD, *_ZSTD_SKIPPED), _zstd, (_ZSTD,), distinct=True),
)
