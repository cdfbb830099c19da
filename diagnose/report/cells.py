"""Text in terminal cells: how wide it is, how it breaks, how it is coloured."""

import unicodedata
from collections.abc import Iterator
from typing import Final

COLOURS: Final = {
    "bold": "1",
    "dim": "2",
    "bad": "1;31",
    "warn": "1;33",
    "good": "1;32",
    "info": "1;36",
    "plain": "1",
}


def width(text: str) -> int:
    """The number of cells that `text` takes: wide characters take two, combining ones none."""
    return sum(_cell(each) for each in text)


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` cells, with `…` for what is left out."""
    return text if width(text) <= limit else _head(text, limit - 1)[0] + "…"


def wrap(text: str, limit: int, lines: int) -> list[str]:
    """`text` in at most `lines` lines of at most `limit` cells, broken between words where there are any."""
    kept = list(_broken(text.split(), max(limit, 8)))
    if len(kept) > lines:
        kept = [*kept[: lines - 1], cut(" ".join(kept[lines - 1 : lines + 1]), max(limit, 8))]
    return kept


def paint(text: str, style: str) -> str:
    """`text` in a style of `COLOURS`."""
    return f"\x1b[{COLOURS[style]}m{text}\x1b[0m"


def _broken(words: list[str], limit: int) -> Iterator[str]:
    line = ""
    for word in words:
        rest = word
        if line and width(line) + 1 + width(rest) <= limit:
            line = f"{line} {rest}"
            continue
        if line:
            yield line
        while width(rest) > limit:
            head, rest = _head(rest, limit)
            yield head
        line = rest
    if line:
        yield line


def _head(text: str, limit: int) -> tuple[str, str]:
    """`text` split where `limit` cells are full."""
    used = 0
    for place, each in enumerate(text):
        used += _cell(each)
        if used > limit:
            return text[:place], text[place:]
    return text, ""


def _cell(each: str) -> int:
    if unicodedata.combining(each):
        return 0
    return 2 if unicodedata.east_asian_width(each) in {"W", "F"} else 1
