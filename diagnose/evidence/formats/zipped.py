"""Zip archives and what is one under another name: .npz, .pt, .keras, .whl, office documents."""

from collections.abc import Iterator
from struct import unpack_from

from diagnose.evidence.formats.window import Format, Judgement, Window, intact, suffixes, truncated, unknown

_ENTRY, _DIRECTORY, _END, _END_64, _LOCATOR_64 = (b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7")
_FULL = 0xFFFFFFFF
_MAX_ENTRIES = 4096
_NO_END = "begins as a zip archive but its central directory's end record is missing"


def _recognised(window: Window) -> bool:
    if window.head.startswith((_ENTRY, _END)):
        return True
    # A self-extracting archive begins with a program; its end still has to be an exact one.
    return any(_reaches_end(window, at) for at in _ends(window))


def _ends(window: Window) -> Iterator[int]:
    """Where in the file an end record may begin, last first."""
    offset = window.size - len(window.tail)
    at = window.tail.rfind(_END)
    while at >= 0:
        yield offset + at
        at = window.tail.rfind(_END, 0, at + 3)


def _reaches_end(window: Window, end: int) -> bool:
    """Whether the end record at `end` with its comment closes the file exactly."""
    record = window.at(end, 22)
    return record is not None and end + 22 + int(unpack_from("<H", record, 20)[0]) == window.size


def _judge(window: Window) -> Judgement:
    exact = [end for end in _ends(window) if _reaches_end(window, end)]
    if exact:
        return _directory(window, exact[0])
    past = _entry_past_end(window)
    if past is not None:
        return truncated(past)
    if any(True for _ in _ends(window)):
        return _loose_end(window)
    return truncated(_NO_END)


def _judge_commented(window: Window) -> Judgement:
    """As `_judge`, for archives that people make: these may close with a comment longer than the tail."""
    judged = _judge(window)
    if judged.detail == _NO_END and window.whole is None and _could_be_comment(window.tail):
        return unknown("no end record within its last bytes, which may all be an archive comment")
    return judged


def _loose_end(window: Window) -> Judgement:
    """An end record that does not close the file: cut inside it, or followed by foreign bytes."""
    last = next(_ends(window))
    record = window.at(last, 22)
    if record is None or last + 22 + int(unpack_from("<H", record, 20)[0]) > window.size:
        return truncated("cut inside its end record")
    return unknown("other bytes follow its end record")


def _directory(window: Window, end: int) -> Judgement:
    """Whether the directory that the end record describes has room where the record says."""
    disk, _, _, entries, size, offset = unpack_from("<HHHHII", window.at(end, 22) or b"", 4)
    if disk not in (0, 0xFFFF):
        return unknown("one part of an archive that spans several files")
    directory_end = end
    if (window.at(end - 20, 4) or b"") == _LOCATOR_64:
        record = _end_64(window, end - 20)
        if record is None:
            return unknown("its 64-bit end record cannot be seen")
        directory_end, entries, size, offset = record
    elif _FULL in (size, offset):
        return truncated("its 64-bit end record is missing")
    return _placed(window, directory_end, entries, size, offset)


def _end_64(window: Window, locator: int) -> tuple[int, int, int, int] | None:
    """Place of the 64-bit end record, and its entries, directory size and directory offset."""
    start = window.size - len(window.tail)
    found = window.tail.rfind(_END_64, 0, max(locator - start, 0))
    record = window.at(start + found, 56) if found >= 0 else None
    if record is None:
        return None
    entries, size, offset = unpack_from("<QQQ", record, 32)
    return start + found, entries, size, offset


def _placed(window: Window, directory_end: int, entries: int, size: int, offset: int) -> Judgement:
    before = directory_end - size - offset
    if before < 0:
        return truncated(f"its directory counts {-before} bytes more than the file has")
    if before > 0 and window.head.startswith(_ENTRY):
        # Two archives in a row, or an archive cut behind a member that is one itself.
        return unknown("its end record belongs to an archive that begins later in the file")
    first = window.at(directory_end - size, 4)
    if entries and first is not None and first != _DIRECTORY:
        return truncated("its directory is not where its end record says")
    if offset and not window.head.strip(b"\0"):
        return truncated("its beginning is nothing but NUL bytes")
    return intact(f"closed by a directory of {entries} entries")


def _entry_past_end(window: Window) -> str | None:
    """Follow the members from the first; say so when one ends behind the end of the file."""
    at = 0
    for _ in range(_MAX_ENTRIES):
        header = window.at(at, 30)
        if header is None or not header.startswith(_ENTRY):
            return None
        flags, size = unpack_from("<H", header, 6)[0], unpack_from("<I", header, 18)[0]
        name, extra = unpack_from("<HH", header, 26)
        # Written as a stream, or 64-bit: the size stands elsewhere.
        if flags & 8 or size == _FULL:
            return None
        at += 30 + name + extra + size
        if at > window.size:
            return f"a member ends at byte {at}, the file at {window.size}"
    return None


def _could_be_comment(tail: bytes) -> bool:
    return not any(byte < 9 or 13 < byte < 32 or byte == 127 for byte in tail)


FORMATS = (
    Format(
        "zip", suffixes("zip jar mar docx xlsx pptx"), _recognised, _judge_commented, (_ENTRY,), distinct=True
    ),
    Format(
        "zip",
        suffixes("npz pt pth ptl ckpt keras whl egg joblib skops"),
        _recognised,
        _judge,
        (_ENTRY,),
        distinct=True,
    ),
)
