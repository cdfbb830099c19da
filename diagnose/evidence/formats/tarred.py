"""Tar archives: blocks of 512 bytes, closed by two of zeros."""

import re

from diagnose.evidence.formats.window import Format, Judgement, Window, intact, suffixes, truncated, unknown

_BLOCK = 512
_MAX_MEMBERS = 4096
_MODE = re.compile(rb"[0-7 ]{6,7}[ \0]{1,2}")


def _checksum_holds(header: bytes) -> bool:
    stored = _octal(header[148:156])
    return stored is not None and stored == sum(header) - sum(header[148:156]) + 8 * 32


def _octal(field: bytes) -> int | None:
    """A tar number: octal text, or binary when the first bit is set."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    try:
        return int(digits, 8) if digits else 0
    except ValueError:
        return None


def _recognised(window: Window) -> bool:
    first = window.head[:_BLOCK]
    if len(first) < _BLOCK:
        return bool(_MODE.fullmatch(first[100:108]))
    if not any(first):
        # An archive of no members is zeros from end to end.
        return not window.tail.strip(b"\0") and not window.head.strip(b"\0") and window.size % 10240 == 0
    return _checksum_holds(first)


def _blocks(window: Window) -> Judgement:
    if window.size % _BLOCK:
        return truncated(f"{window.size} bytes are not a multiple of 512: cut inside a block")
    at = 0
    for _ in range(_MAX_MEMBERS):
        header = window.at(at, _BLOCK)
        if header is None or not any(header) or not _checksum_holds(header):
            break
        at = _member_end(header, at)
        if at > window.size:
            return truncated(f"a member ends at byte {at}, the archive at {window.size}")
    if at == window.size or _ends_behind_member(window):
        return unknown("ends behind a member; the closing blocks are missing, which some writers leave out")
    if window.tail[-2 * _BLOCK :].strip(b"\0") or window.size < 3 * _BLOCK:
        return truncated("the two blocks of zeros that close an archive are missing")
    if window.at(at, 2 * _BLOCK) is not None and not any(window.at(at, 2 * _BLOCK) or b""):
        return intact("closed by two blocks of zeros behind its last member")
    return intact("closed by two blocks of zeros")


def _ends_behind_member(window: Window) -> bool:
    """Whether the last member whose header can be seen ends with the file, but for one block of zeros at most."""
    start = max(0, window.size - len(window.tail))
    first = -(-start // _BLOCK) * _BLOCK
    for at in range(window.size - _BLOCK, first - 1, -_BLOCK):
        header = window.at(at, _BLOCK) or b""
        if any(header) and _checksum_holds(header):
            end = _member_end(header, at)
            rest = window.at(end, window.size - end) if end <= window.size else None
            return rest is not None and len(rest) <= _BLOCK and not any(rest)
    return False


def _member_end(header: bytes, at: int) -> int:
    """Where the member at `at` ends. Links and folders may state a size that no data follow."""
    has_data = header[156:157] in b"0\0 7xgLKS"
    return at + _BLOCK + (-(-(_octal(header[124:136]) or 0) // _BLOCK) * _BLOCK if has_data else 0)


def _judge(window: Window) -> Judgement:
    if not any(window.head[:_BLOCK]):
        return intact("an archive of no members")
    judged = _blocks(window)
    if window.size >= _BLOCK and window.head[257:262] != b"ustar" and judged.state == "truncated":
        return unknown(judged.detail)
    return judged


FORMATS = (Format("tar", suffixes("tar pt pth mar"), _recognised, _judge),)
