"""Tables as text, CSV and TSV: a last row with fewer fields than the others and no end of line was cut.

A cut behind a line end leaves a whole table, which cannot be told; one inside the last field of a row
leaves all its fields, and is unknown.
"""

import csv
from collections.abc import Sequence
from io import StringIO
from itertools import pairwise

from diagnose.evidence.formats.window import Format, Judgement, Window, intact, suffixes, truncated, unknown

_DELIMITERS = ",\t;|"
_STARTS = 4


def _recognised(window: Window) -> bool:
    return b"\0" not in window.head and window.head[:1] not in (b"{", b"\x80", b"\x1f", b"\x89")


def _rows(text: str, delimiter: str) -> list[list[str]] | None:
    """The rows that are not blank; None where the text is not a table."""
    try:
        return [row for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error:
        return None


def _whole_lines(data: bytes) -> str:
    """Up to the last line end."""
    return data[: data.rfind(b"\n") + 1].decode("utf-8", "replace")


def _judge(window: Window) -> Judgement:
    head = _whole_lines(window.head)
    delimiter = max(_DELIMITERS, key=head.partition("\n")[0].count)
    rows = _rows(head, delimiter)
    if not rows:
        return unknown("no whole row was read")
    # The last row of the head may go on behind it, inside a quoted field.
    known = rows[:-1] or rows
    fields = len(known[0])
    if fields < 2 or any(len(left) != len(right) for left, right in pairwise(known)):
        return unknown("rows of one field, or of uneven length")
    return _last_row(window, delimiter, fields)


def _last_row(window: Window, delimiter: str, fields: int) -> Judgement:
    rows = _last_rows(window, delimiter, fields)
    if not rows:
        return unknown("rows of uneven length at its end")
    last, ended = rows[-1], window.tail.endswith((b"\n", b"\r"))
    if not ended and last[0].startswith("#"):
        return unknown("a remark at its end")
    if len(last) == 1 and not ended and _is_closing_word(rows):
        return unknown("a closing word at its end")
    if len(last) < fields and not ended:
        return truncated(f"its last row has {len(last)} of {fields} fields and no line end")
    if len(last) == fields and ended:
        return intact(f"its last row has all {fields} fields and a line end")
    return unknown(f"its last row has {len(last)} of {fields} fields and {'a' if ended else 'no'} line end")


def _is_closing_word(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a word closes a table whose rows begin with numbers; a cut number is still one."""
    first = [row[0] for row in rows[-4:-1]]
    return len(first) > 1 and all(map(_is_number, first[1:])) and not _is_number(rows[-1][0])


def _is_number(text: str) -> bool:
    return not text.strip("+-.,:eE0123456789 ")


def _last_rows(window: Window, delimiter: str, fields: int) -> list[list[str]] | None:
    """The last rows, all but the very last of them even; None where they are not."""
    end = window.whole or window.tail
    for _ in range(_STARTS):
        if window.whole is None:
            # A line may begin inside a row, where a quoted field has line ends of its own.
            end = end.partition(b"\n")[2]
        rows = _rows(end.decode("utf-8", "replace"), delimiter)
        if rows and not _uneven(rows[:-1], fields):
            return rows
    return None


def _uneven(rows: Sequence[Sequence[str]], fields: int) -> bool:
    return any(len(row) != fields for row in rows)


FORMATS = (
    Format("csv", suffixes("csv"), _recognised, _judge),
    Format("tsv", suffixes("tsv tab"), _recognised, _judge),
)
