"""JSON and JSON Lines: brackets that close what was opened, and a last line that is a value.

Beyond eight kilobytes the middle is not seen. A cut behind an inner value is then known by that value's own
beginning, when it is within the last four; one between two lines of JSON Lines looks whole.
"""

import json
import re
from collections.abc import Iterator

from diagnose.evidence.formats.window import Format, Judgement, Window, intact, suffixes, truncated, unknown

_BOM = b"\xef\xbb\xbf"
_CLOSER = {ord("{"): b"}", ord("["): b"]"}
# A string, closed or cut; then whatever else JSON is made of.
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*("|\\?\Z)', re.DOTALL)
_BARE = re.compile(r"[\s:,\w.+-]+")
_INDENTED = re.compile(rb"[\[{]\r?\n[ \t]+\S")
# Numbers, true, false, null, NaN, Infinity and what separates values.
_OUTSIDE = b" \t\r\n:,.+-0123456789eEtrufalsnINiy"
_DECODER = json.JSONDecoder()
_MAX_VALUES = 8192


def _text(data: bytes) -> str:
    return data.removeprefix(_BOM).decode("utf-8", "replace")


def _start(window: Window) -> bytes:
    return window.head.removeprefix(_BOM).lstrip()


def _recognised(window: Window) -> bool:
    return _start(window)[:1] in (b"{", b"[")


def _named_json(window: Window) -> bool:
    """Brackets, or where all is visible any text: a JSON document may be one number."""
    return _recognised(window) or (window.whole is not None and b"\0" not in window.head)


def _values(text: str) -> Iterator[object]:
    """The JSON values of `text` in a row. Raises ValueError at what is none, RecursionError when too deep."""
    at = 0
    for _ in range(_MAX_VALUES):
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            return
        value, at = _DECODER.raw_decode(text, at)
        yield value


def _is_open(text: str) -> bool | None:
    """Whether `text` ends inside a bracket or a string; None when it is not made as JSON is."""
    stack: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == '"':
            string = _STRING.match(text, at)
            if string is None or string[1] != '"':
                return True
            at = string.end()
        elif char in "{[":
            stack.append("}" if char == "{" else "]")
            at += 1
        elif char in "}]":
            if not stack or stack.pop() != char:
                return None
            at += 1
        else:
            bare = _BARE.match(text, at)
            if bare is None:
                return None
            at = bare.end()
    return bool(stack)


def _judge_json(window: Window) -> Judgement:
    if window.whole is not None:
        return _whole(_text(window.whole))
    if _first_line_is_value(window):
        return unknown("a value on each line")
    if _is_open(_text(window.head)) is None:
        return unknown("not made as JSON is")
    end = window.tail.rstrip()
    if not end.endswith(_CLOSER[_start(window)[0]]):
        return truncated("the bracket that it opens with is never closed")
    return _last_bracket(window, end)


def _last_bracket(window: Window, end: bytes) -> Judgement:
    """Whether the last bracket is the outermost one: what it closes must not begin within the tail."""
    start, foreign = _last_value(end)
    before = end[: max(start, 0)].rstrip()
    if foreign:
        return unknown("its last bracket may stand inside a string")
    if start >= 0 and before.endswith((b",", b":", b"[", b"{")):
        return truncated("ends behind an inner value; the bracket that it opens with is never closed")
    if start >= 0:
        return unknown("more than one value")
    if _INDENTED.match(_start(window)) and re.search(rb"\n[ \t]+[\]}]\Z", end):
        return unknown("its last bracket is an indented one, so perhaps not the outermost")
    return intact("ends with the bracket that closes it")


def _last_value(end: bytes) -> tuple[int, bool]:
    """Where the value begins that the last bracket closes, -1 when further up; and if foreign text is met.

    Read backwards: the end of a whole document is outside of any string, so quotes are told apart from there.
    """
    depth, quoted = 0, False
    for at in range(len(end) - 1, -1, -1):
        char = end[at]
        if char == ord('"'):
            escapes = len(end[:at]) - len(end[:at].rstrip(b"\\"))
            quoted ^= escapes % 2 == 0
        elif quoted:
            continue
        elif char in b"]}":
            depth += 1
        elif char in b"[{":
            depth -= 1
            if not depth:
                return at, False
        elif char not in _OUTSIDE:
            return -1, True
    return -1, False


def _whole(text: str) -> Judgement:
    found = 0
    try:
        for _ in _values(text):
            found += 1
    except RecursionError:
        return unknown("nested too deep to follow")
    except ValueError:
        if found > 1 or (found == 1 and "\n" in text.strip()):
            return unknown("more than one value")
        return (
            truncated("ends inside a bracket or a string")
            if _is_open(text)
            else unknown("not made as JSON is")
        )
    return intact("parses") if found == 1 else unknown("no value, or more than one")


def _is_value(line: bytes) -> bool:
    try:
        json.loads(_text(line))
    except (ValueError, RecursionError):
        return False
    return True


def _first_line_is_value(window: Window) -> bool:
    first, newline, rest = _start(window).partition(b"\n")
    return bool(newline) and _is_value(first) and rest.lstrip()[:1] in (b"{", b"[", b"")


def _lines_recognised(window: Window) -> bool:
    start = _start(window)
    line, newline, _ = start.partition(b"\n")
    if not newline:
        # One line longer than what was read, or the only one, and cut.
        return _recognised(window)
    return line.strip() not in (b"{", b"[") and _recognised(window) and _is_value(line)


def _judge_lines(window: Window) -> Judgement:
    data = window.tail if window.whole is None else window.whole.removeprefix(_BOM)
    lines = [line for line in data.split(b"\n") if line.strip()]
    if not lines:
        return unknown("its last lines are blank")
    last = lines[-1]
    seen = window.whole is not None or len(lines) > 1 or data[:1] == b"\n"
    if seen and _is_value(last):
        # A number is as good a value when its last digits are gone.
        sure = data.endswith(b"\n") or last.rstrip()[-1:] in (b"}", b"]", b'"')
        return intact("its last line is whole") if sure else unknown("its last line has no end of line")
    return _broken_line(last, seen=seen, ended=data.endswith(b"\n"))


def _broken_line(line: bytes, *, seen: bool, ended: bool) -> Judgement:
    if not seen:
        closed = line.rstrip().endswith((b"}", b"]"))
        if closed and ended:
            return intact("its last line ends with a bracket")
        if closed or ended:
            return unknown("its last line is longer than the bytes that were read")
        return truncated("its last line is not closed")
    if not ended and _is_open(_text(line)):
        return truncated("its last line ends inside a bracket or a string")
    return unknown("its last line is no JSON value")


_JSON = suffixes("json geojson ipynb topojson webmanifest har sarif")
_LINES = suffixes("jsonl ndjson jl jsonlines")

FORMATS = (
    Format("json", _JSON, _named_json, _judge_json),
    Format("jsonl", _LINES | suffixes("json"), _lines_recognised, _judge_lines),
    Format("json", _LINES, _recognised, _judge_json),
)

BY_CONTENT = (
    Format("json", frozenset(), _recognised, _judge_json),
    Format("jsonl", frozenset(), _lines_recognised, _judge_lines),
)
"""The same under any other name."""
