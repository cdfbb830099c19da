"""Pictures and pages: PNG, JPEG, PDF, each closed by a marker of its own."""

import re

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

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
_STEPS = 4096
_STARTXREF = re.compile(rb"startxref\s{1,8}(\d{1,20})\s{1,8}%%EOF")


def _png(window: Window) -> Judgement:
    at = len(_PNG)
    for _ in range(_STEPS):
        chunk = window.at(at, 8)
        if chunk is None:
            break
        at += 12 + int.from_bytes(chunk[:4], "big")
        if at > window.size:
            return truncated(f"a chunk ends at byte {at}, the file at {window.size}")
        if chunk[4:] == b"IEND":
            return intact("closed by IEND")
    if _PNG_END in window.tail:
        return intact("closed by IEND")
    return truncated("begins as PNG but its closing IEND is missing")


def _jpeg(window: Window) -> Judgement:
    """Follow the segments by their lengths; compressed data has none, and is closed by the next marker."""
    at = 2
    for _ in range(_STEPS):
        marker = window.at(at, 4)
        if marker is None or marker[0] != 0xFF:
            break
        if marker[1] == 0xDA:
            return _jpeg_scan(window, at)
        at += 2 + int.from_bytes(marker[2:], "big")
        if at > window.size:
            return truncated(f"a segment ends at byte {at}, the file at {window.size}")
    return _jpeg_end(window)


def _jpeg_scan(window: Window, at: int) -> Judgement:
    whole = window.whole
    if whole is not None and b"\xff\xd9" not in whole[at:]:
        return truncated("its closing marker is missing")
    return _jpeg_end(window)


def _jpeg_end(window: Window) -> Judgement:
    tail = window.tail
    if tail.rstrip(b"\0\r\n ").endswith(b"\xff\xd9"):
        return intact("closed by its end marker")
    if window.size < END_OF_HEADERS:
        return truncated("cut inside its headers")
    # Inside compressed data every FF is followed by 00 or a restart marker; in an appended film it is not.
    pairs = [tail[at + 1] for at in range(len(tail) - 1) if tail[at] == 0xFF]
    if pairs.count(0) >= 2 and all(pair == 0 or 0xD0 <= pair <= 0xD7 for pair in pairs):
        return truncated("ends in the middle of its compressed data")
    return unknown("its last bytes are not its end marker; something may be appended to it")


END_OF_HEADERS = 100
"""No JPEG has its tables and a picture in fewer bytes."""


def _pdf(window: Window) -> Judgement:
    ends = list(_STARTXREF.finditer(window.tail))
    if not ends and b"%%EOF" not in window.tail:
        return truncated("its closing %%EOF is missing")
    if ends and int(ends[-1][1]) == 0:
        return truncated("ends behind its first section; its last is missing")
    if window.tail.rstrip(b"\0\r\n\t ").endswith(b"%%EOF"):
        return intact("closed by %%EOF")
    return unknown("other bytes follow its last %%EOF")


FORMATS = (
    Format("png", suffixes("png"), begins_with(_PNG), _png, (_PNG,), distinct=True),
    Format("jpeg", suffixes("jpg jpeg"), begins_with(b"\xff\xd8\xff"), _jpeg, (b"\xff\xd8\xff",)),
    Format("pdf", suffixes("pdf"), begins_with(b"%PDF-"), _pdf, (b"%PDF-",)),
)
