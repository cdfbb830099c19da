"""The decisive part of a quoted line: runtime logs put thousands of characters of state before what they say."""

import re
from collections.abc import Iterator

from diagnose.report.visible import MARK

LONG = 120
"""Characters up to which a line is quoted as it stands."""
ROUNDS = 40
"""Levels of nested braces that are looked through; beyond them a line keeps its state."""

# `2026-11-18T09:34:11.313514Z  INFO Span::name{state}: crate::module: what is said`.
_TRACED = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]{8,20}Z +[A-Z]{4,5} ")
_SAID = re.compile(r"(?<= )[a-z_]\w{0,60}(?:::\w{1,60}){0,8}: ")
_INNERMOST = re.compile(r"\{[^{}]*\}")
# The Python runtime appends the workspace to all that it says.
_WORKSPACE = re.compile(r" \{'subscription_id': [^{}]*\}?$")


def decisive(text: str) -> str:
    """`text` as one line, without the runtime's state around its message; what is left out is counted."""
    flat = " ⏎ ".join(_told_lines(text)) if "\n" in text.strip() else text
    if len(flat) <= LONG:
        return flat
    return _WORKSPACE.sub(lambda found: f" {_left_out(found[0])}", _without_state(flat))


def _told_lines(text: str) -> Iterator[str]:
    """The lines of `text`, but those that only underline the one above them."""
    for line in text.splitlines():
        if line.strip(" \t^~"):
            yield " ".join(line.split())


def _without_state(text: str) -> str:
    stamp = _TRACED.match(text)
    if stamp is None:
        return text
    said = _SAID.search(_blanked(text), stamp.end())
    if said is None:
        return text
    state = text[stamp.end() : said.end()]
    return f"{stamp[0]}{_left_out(state)} {text[said.end() :]}" if len(state) > LONG // 3 else text


def _blanked(text: str) -> str:
    """`text` with all that stands in braces made blank, so that places in it stay what they are."""
    for _ in range(ROUNDS):
        blank = _INNERMOST.sub(lambda found: " " * len(found[0]), text)
        if blank == text:
            break
        text = blank
    return text


def _left_out(text: str) -> str:
    return MARK.format(f"… {len(text.strip()):,} characters …")
