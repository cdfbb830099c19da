"""A text as it reads without its escaping, with the way back: which characters each came from."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnose.redact.spans import Span

LEVELS = 4
"""JSON in JSON in a percent-encoded value is three."""
_HIDDEN = "\0\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u00ad\u180e"
_UNIT = re.compile(
    r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b\n]{0,2048}(?:\x07|\x1b\\)|[ -/]{1,4}[0-~]|[@-Z\\^_`a-z])"
    r"|\\(?:u001[bB]|x1[bB]|033|e)\[[0-9;]{0,20}m"
    rf"|[{_HIDDEN}\x1b]"
    r"|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[\"'\\/nrt`]"
    r"|(?:%[0-9a-fA-F]{2})+"
    r"|&(?:quot|amp|lt|gt|apos|nbsp|#\d{1,6}|#[xX][0-9a-fA-F]{1,6});"
)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True)
class View:
    """A text, and for each of its characters where it begins and ends in the text that it was made from."""

    text: str
    starts: list[int]
    ends: list[int]

    def back(self, span: Span) -> Span:
        """The same secret in the first text."""
        if span.end <= span.start:
            return span
        return Span(self.starts[span.start], self.ends[span.end - 1], span.kind, span.value, span.sure)


def views(text: str) -> Iterator[View]:
    """The text with one level of its escaping undone, then with two, as long as there is any."""
    view = None
    for _ in range(LEVELS):
        source = view.text if view else text
        if not _UNIT.search(source):
            return
        following = _undone(source, view)
        if following.text == source:
            return
        view = following
        yield view


def _undone(source: str, below: View | None) -> View:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in _UNIT.finditer(source):
        _plain(source, done, match.start(), pieces, starts, ends)
        for said, start, end in _meant(match):
            pieces.append(said)
            starts.extend([start] * len(said))
            ends.extend([end] * len(said))
        done = match.end()
    _plain(source, done, len(source), pieces, starts, ends)
    if below:
        starts, ends = [below.starts[at] for at in starts], [below.ends[at - 1] for at in ends]
    return View("".join(pieces), starts, ends)


def _plain(source: str, start: int, end: int, pieces: list[str], starts: list[int], ends: list[int]) -> None:  # noqa: PLR0913, PLR0917
    pieces.append(source[start:end])
    starts.extend(range(start, end))
    ends.extend(range(start + 1, end + 1))


def _meant(match: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """What an escape stands for, and from where to where it stands; nothing for what nobody sees."""
    unit, start = match[0], match.start()
    if unit[0] == "%":
        yield from _percent(unit, start)
    elif unit[0] == "&":
        yield html.unescape(unit), start, match.end()
    elif unit[0] == "\\" and not unit.endswith("m"):
        digits = unit[2:]
        said = chr(int(digits, 16)) if digits else _LETTERS.get(unit[1], unit[1])
        yield said, start, match.end()


def _percent(unit: str, start: int) -> Iterator[tuple[str, int, int]]:
    data = bytes.fromhex(unit.replace("%", ""))
    at = 0
    while at < len(data):
        width = 1 if data[at] < 0xC0 else 2 if data[at] < 0xE0 else 3 if data[at] < 0xF0 else 4
        said = data[at : at + width].decode("utf-8", "replace")
        yield said, start + 3 * at, start + 3 * min(at + width, len(data))
        at += width
