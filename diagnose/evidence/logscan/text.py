"""Bytes as logs hold them made into clean UTF-8 bytes: encodings, byte order marks, NULs, terminal codes."""

import re
from collections.abc import Iterator
from typing import Protocol

SNIFFED = 4096
"""Bytes at the start of a file that decide its encoding."""
PIECE = 64 * 1024
"""Longest run of UTF-16 bytes without a line end that is waited for."""

_PRINTABLE = bytes(range(0x20, 0x7F))

_ESCAPE = (
    rb"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]"  # colours, cursor: CSI … final
    rb"|\][^\x07\x1b\r\n]{0,2048}(?:\x07|\x1b\\)"  # titles, links: OSC … BEL or ST
    rb"|[ -/]{1,4}[0-~]|[0-9:-?@-Z\\^_`a-z|}~])"  # character sets, single-letter codes
)
_UNFINISHED = rb"(?P<rest>\x1b(?:\[[0-?]{0,64}[ -/]{0,8}|\][^\x07\x1b\r\n]{0,2048}\x1b?|[ -/]{0,4})?\Z)"
_CODES = re.compile(rb"%s|\x1b" % _ESCAPE)
_CODES_SO_FAR = re.compile(rb"%s|%s|\x1b" % (_ESCAPE, _UNFINISHED))


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end only."""


def clean_chunks(stream: Readable, chunk_bytes: int) -> Iterator[bytes]:
    """The text of `stream` as UTF-8 bytes in pieces of any size, without NULs, marks and terminal codes.

    Invalid bytes pass through. The joined result does not depend on `chunk_bytes`.
    """
    head = _fill(stream, SNIFFED)
    start, encoding = sniff(head)
    steps: list[_Step] = [_Codes()]
    if encoding:
        steps.insert(0, _Utf16(encoding))
    if head[start : start + 16].lstrip(b'"').startswith(b"<START>["):
        steps.append(_SweepRecords())
    chunk = head[start:]
    while chunk:
        yield from _through(steps, chunk)
        chunk = stream.read(chunk_bytes)
    yield from _drained(steps)


def utf8_chunks(stream: Readable, chunk_bytes: int) -> Iterator[bytes]:
    """The same text with its NULs and codes still in it, in UTF-8, whatever it was in."""
    head = _fill(stream, SNIFFED)
    start, encoding = sniff(head)
    steps: list[_Step] = [_Utf16(encoding)] if encoding else []
    chunk = head[start:]
    while chunk:
        yield from _through(steps, chunk)
        chunk = stream.read(chunk_bytes)
    yield from _drained(steps)


def sniff(head: bytes) -> tuple[int, str | None]:
    """How many bytes of byte order mark a file begins with, and its encoding where that is UTF-16."""
    if head.startswith(b"\xef\xbb\xbf"):
        return 3, None
    if head.startswith(b"\xff\xfe"):
        return 2, "utf-16-le"
    if head.startswith(b"\xfe\xff"):
        return 2, "utf-16-be"
    even, odd, half = head[::2].count(0), head[1::2].count(0), len(head) // 2
    if half >= 4 and odd * 5 > half * 2 and even * 20 < half:
        return 0, "utf-16-le"
    if half >= 4 and even * 5 > half * 2 and odd * 20 < half:
        return 0, "utf-16-be"
    return 0, None


class _Step:
    """Takes bytes, gives what is certain so far; `rest` gives what was held back."""

    def take(self, data: bytes) -> bytes:
        raise NotImplementedError

    def rest(self) -> bytes:
        raise NotImplementedError


class _Codes(_Step):
    """Removes NULs and terminal codes, also those that lie across two pieces."""

    def __init__(self) -> None:
        self._held = b""

    def take(self, data: bytes) -> bytes:
        if b"\0" in data:
            data = data.replace(b"\0", b"")
        if not self._held and b"\x1b" not in data:
            return data
        clean = _CODES_SO_FAR.sub(_keep_rest, self._held + data)
        cut = clean.find(b"\x1b")
        self._held = clean[cut:] if cut >= 0 else b""
        return clean[:cut] if cut >= 0 else clean

    def rest(self) -> bytes:
        held, self._held = self._held, b""
        return _CODES.sub(b"", held)


class _Utf16(_Step):
    """Decodes UTF-16 line by line, so that lines that another program appended in UTF-8 stay legible."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._little = encoding.endswith("le")
        self._newline = b"\n\0" if self._little else b"\0\n"
        self._held = b""
        self._narrow = False

    def take(self, data: bytes) -> bytes:
        data, done, lines = self._held + data, 0, []
        while (end := self._line_end(data, done)) is not None:
            lines.append(self._decode(data[done:end]))
            done = end
        self._held = data[done:]
        return b"".join(lines)

    def rest(self) -> bytes:
        held, self._held = self._held, b""
        return self._decode(held)

    def _line_end(self, data: bytes, start: int) -> int | None:
        """Where the line at `start` ends; None when that is not known before more bytes come."""
        first = data.find(b"\n", start, start + PIECE)
        if first >= 0 and first + 1 < len(data) and self._is_narrow(data, start, first):
            self._narrow = True
            return first + 1
        wide = data.find(self._newline, start, start + PIECE)
        while wide >= 0 and (wide - start) % 2:
            wide = data.find(self._newline, wide + 1, start + PIECE)
        if wide >= 0:
            self._narrow = False
            return wide + 2
        return start + PIECE if len(data) >= start + PIECE + 1 else None

    def _is_narrow(self, data: bytes, start: int, newline: int) -> bool:
        if start == newline and not self._narrow:
            return False  # half of a character such as U+4E0A
        if self._little and data[newline + 1] == 0:
            return False
        line = data[start:newline]
        return b"\0" not in line and _is_utf8(line)

    def _decode(self, line: bytes) -> bytes:
        if b"\0" not in line and (line.endswith(b"\n") or _is_utf8(line)):
            return line
        return line.decode(self._encoding, "replace").encode("utf-8", "replace")


class _SweepRecords(_Step):
    r"""Ends a line after every record of a v1 sweep's log, which holds `<END>\n` with a literal backslash."""

    _END = rb"<END>\n"

    def __init__(self) -> None:
        self._held = b""

    def take(self, data: bytes) -> bytes:
        data = (self._held + data).replace(self._END, b"<END>\r")
        held = next((n for n in range(len(self._END) - 1, 0, -1) if data.endswith(self._END[:n])), 0)
        self._held = data[len(data) - held :]
        return data[: len(data) - held]

    def rest(self) -> bytes:
        return self._held


def window(line: bytes, start: int, end: int, limit: int) -> str:
    """At most `limit` characters of `line` around the bytes from `start` to `end`; `…` marks a cut."""
    if len(line) <= limit:
        return line.decode("utf-8", "replace")
    # Bytes are at least as many as characters, so a window of bytes never gives too many of them.
    room = limit - 8  # for a mark at either end, and for characters that begin before the window
    left = max(0, min(start - max(0, room - (end - start)) // 2, len(line) - room))
    right = min(len(line), left + room)
    left, right = _whole_character(line, left), _whole_character(line, right)
    text = line[left:right].decode("utf-8", "replace")
    return f"{'…' if left else ''}{text}{'…' if right < len(line) else ''}"


def clip(line: bytes, limit: int) -> str:
    """At most `limit` characters: the beginning and the end of `line`, with `…` for the middle."""
    if len(line) <= limit:
        return line.decode("utf-8", "replace")
    half = (limit - 1) // 2
    left, right = _whole_character(line, half), _whole_character(line, len(line) - half)
    return f"{line[:left].decode('utf-8', 'replace')}…{line[right:].decode('utf-8', 'replace')}"


def _whole_character(line: bytes, cut: int) -> int:
    """`cut`, moved by up to three bytes to where a character of UTF-8 begins."""
    for back in range(4):
        if cut - back <= 0 or cut >= len(line) or line[cut - back] & 0xC0 != 0x80:
            return max(cut - back, 0)
    return cut


def _is_utf8(line: bytes) -> bool:
    """Whether a line without NULs is UTF-8, perhaps with errors, and not UTF-16 without Latin letters."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return len(line.translate(None, _PRINTABLE)) * 4 <= len(line)
    return True


def _keep_rest(found: re.Match[bytes]) -> bytes:
    return found["rest"] or b""


def _fill(stream: Readable, wanted: int) -> bytes:
    """The next `wanted` bytes, or all there are: a stream may give fewer at a time than it is asked for."""
    parts: list[bytes] = []
    while wanted > 0 and (part := stream.read(wanted)):
        parts.append(part)
        wanted -= len(part)
    return b"".join(parts)


def _through(steps: list[_Step], data: bytes) -> Iterator[bytes]:
    for step in steps:
        data = step.take(data)
    if data:
        yield data


def _drained(steps: list[_Step]) -> Iterator[bytes]:
    for index, step in enumerate(steps):
        held = step.rest()
        if held:
            yield from _through(steps[index + 1 :], held)
