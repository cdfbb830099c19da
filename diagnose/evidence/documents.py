"""JSON from strangers, parsed within bounds: what is wrong with it is one clear sentence, with its line."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, NoReturn

DOCUMENT_MAX = 64 << 20
LINE_MAX = 8 << 20

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


class BrokenJsonError(ValueError):
    """What is wrong, and in which line (counted from 1)."""

    def __init__(self, line: int, why: str) -> None:
        self.line, self.why = line, why
        super().__init__(f"line {line}: {why}")


def read_object(stream: BinaryIO) -> Mapping[str, object]:
    """The one object that a file holds; raises BrokenJsonError, and OSError as the stream does."""
    data = stream.read(DOCUMENT_MAX + 1)
    if len(data) > DOCUMENT_MAX:
        raise BrokenJsonError(1, f"the file is larger than {DOCUMENT_MAX >> 20} MiB")
    return parse_object(data)


def read_lines(stream: BinaryIO) -> Iterator[Mapping[str, object]]:
    """The objects of a JSON Lines file, one a line, blank lines skipped; raises as `read_object` does."""
    number = 0
    while line := stream.readline(LINE_MAX + 1):
        number += 1
        if len(line) > LINE_MAX:
            raise BrokenJsonError(number, f"the line is longer than {LINE_MAX >> 20} MiB")
        if line.strip():
            yield parse_object(line.strip(), number)


def parse_object(data: bytes, first_line: int = 1) -> Mapping[str, object]:
    """The object that these bytes spell, in UTF-8; raises BrokenJsonError.

    Strict where Python's own reader is not: no NaN, no Infinity, no number that would turn into one. Half
    a surrogate pair, which no UTF-8 can hold, becomes U+FFFD.
    """
    try:
        value = json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant, parse_float=_finite)
        if _SURROGATE_ESCAPE.search(data):
            value = _mended(value)
    except UnicodeDecodeError as error:
        raise BrokenJsonError(first_line + data.count(b"\n", 0, error.start), "not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise BrokenJsonError(first_line + error.lineno - 1, f"not JSON ({error.msg})") from error
    except RecursionError as error:
        raise BrokenJsonError(first_line, "nested too deeply") from error
    except ValueError as error:
        raise BrokenJsonError(first_line, _short(error)) from error
    if not isinstance(value, dict):
        raise BrokenJsonError(first_line, "not a JSON object")
    return value


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number


def _short(error: ValueError) -> str:
    # Python words its limit on the digits of an integer for programmers.
    return "a number has too many digits" if "digits" in str(error) else str(error)


def _mended(value: object) -> object:
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        return {_LONE_SURROGATE.sub("\ufffd", key): _mended(item) for key, item in value.items()}
    return value
