"""Column files whose table of contents is written last: Parquet, ORC, Arrow, Feather."""

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

_ORC_FOOTER, _ORC_METADATA = 1, 5
_END_OF_STREAM = b"\xff\xff\xff\xff\0\0\0\0"


def _closing(window: Window, magics: tuple[bytes, ...], opening: int, what: str) -> Judgement:
    """Footer, its length in four bytes, and the magic again: the way three of these formats end."""
    magic = next((magic for magic in magics if window.tail.endswith(magic)), None)
    if magic is None:
        return truncated(
            f"begins as {what} but does not end with {magics[0].decode()}: its footer is missing"
        )
    length = window.at(window.size - len(magic) - 4, 4)
    if length is None:
        return truncated(f"{window.size} bytes are too few for the footer of {what}")
    footer = int.from_bytes(length, "little")
    if footer == 0 or opening + footer + 4 + len(magic) > window.size:
        return truncated(
            f"the footer of {footer} bytes that its end announces does not fit its {window.size} bytes"
        )
    return intact(f"closed by a footer of {footer} bytes")


def _parquet(window: Window) -> Judgement:
    return _closing(window, (window.head[:4],), 4, "Parquet")


def _parquet_recognised(window: Window) -> bool:
    if not window.head.startswith((b"PAR1", b"PARE")):
        return False
    # A text may well begin with these letters; the page header that follows them never looks like one.
    return len(window.head) == 4 or not 32 <= window.head[4] < 127


def _arrow_file(window: Window) -> Judgement:
    return _closing(window, (b"ARROW1",), 8, "an Arrow file")


def _feather_v1(window: Window) -> Judgement:
    return _closing(window, (b"FEA1",), 4, "Feather")


def _arrow_stream_recognised(window: Window) -> bool:
    length = int.from_bytes(window.head[4:8], "little")
    return window.head.startswith(b"\xff\xff\xff\xff") and length % 8 == 0 and 0 < length < 1 << 26


def _arrow_stream(window: Window) -> Judgement:
    if window.tail.endswith(_END_OF_STREAM):
        return intact("closed by its end-of-stream marker")
    schema_end = 8 + int.from_bytes(window.head[4:8], "little")
    if schema_end > window.size:
        return truncated(f"its schema ends at byte {schema_end}, the file at {window.size}")
    # The marker is optional: a writer may just close the stream.
    return unknown("an Arrow stream without its end marker, which writers may leave out")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A protobuf number and where it ends. Raises IndexError past the end."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 or shift > 63:
            return value, at


def _orc_lengths(postscript: bytes) -> dict[int, int]:
    """The numbers in an ORC postscript by field. Raises IndexError when it is cut or foreign."""
    numbers: dict[int, int] = {}
    at = 0
    while at < len(postscript):
        key, at = _varint(postscript, at)
        value, at = _varint(postscript, at)
        if key & 7 == 2:
            at += value
        numbers[key >> 3] = value
    return numbers


def _orc(window: Window) -> Judgement:
    length = window.tail[-1]
    postscript = window.at(window.size - 1 - length, length)
    if not postscript or not postscript.endswith(b"ORC"):
        return truncated("begins as ORC but does not end with an ORC postscript")
    try:
        numbers = _orc_lengths(postscript)
    except IndexError:
        return unknown("its postscript cannot be read")
    needed = 3 + numbers.get(_ORC_FOOTER, 0) + numbers.get(_ORC_METADATA, 0) + length + 1
    if needed > window.size:
        return truncated(f"its footer needs {needed} bytes, the file has {window.size}")
    return intact("closed by its postscript")


FORMATS = (
    Format(
        "parquet",
        suffixes("parquet pq parq"),
        _parquet_recognised,
        _parquet,
        (b"PAR1", b"PARE"),
        distinct=True,
    ),
    Format("orc", suffixes("orc"), begins_with(b"ORC"), _orc, (b"ORC",)),
    Format(
        "arrow",
        suffixes("arrow feather ipc ftr"),
        begins_with(b"ARROW1\0\0"),
        _arrow_file,
        (b"ARROW1\0\0",),
        distinct=True,
    ),
    Format("feather", suffixes("feather ftr"), begins_with(b"FEA1"), _feather_v1, (b"FEA1",)),
    Format(
        "arrow-stream",
        suffixes("arrows arrow ipc stream"),
        _arrow_stream_recognised,
        _arrow_stream,
        (b"\xff\xff\xff\xff",),
    ),
)
