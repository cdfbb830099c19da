"""The text that any match of a pattern must contain: a fast way to see that it does not match."""

import re
import re._constants as _codes  # type: ignore[import-not-found]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_FEWEST = 3
"""Shorter text is in too many lines to be worth looking for."""


def required_literals(regex: str) -> tuple[bytes, ...] | None:
    """A match contains at least one of these; None when nothing useful is known.

    In lower case for a pattern that begins with `(?i)`, to be looked for in bytes made lower.
    """
    caseless = regex.startswith("(?i)")
    pattern = (regex[4:] if caseless else regex).encode("utf-8").decode("latin-1")
    found = _of_sequence(_parser.parse(pattern, re.ASCII))
    if found is None or min(map(len, found)) < _FEWEST or len(found) > 32:
        return None
    texts = (text.encode("latin-1") for text in found)
    return tuple(sorted({text.lower() if caseless else text for text in texts}))


def _of_sequence(items: Any) -> tuple[str, ...] | None:
    """The best of what the items of a sequence require: where the shortest text is longest."""
    best: tuple[str, ...] | None = None
    run = ""
    for code, value in [*items, (None, None)]:
        if code is _codes.LITERAL:
            run += chr(value)
            continue
        for candidate in ((run,) if run else None, _of_item(code, value)):
            if candidate and (best is None or min(map(len, candidate)) > min(map(len, best))):
                best = candidate
        run = ""
    return best


def _of_item(code: Any, value: Any) -> tuple[str, ...] | None:
    if code is _codes.SUBPATTERN:
        _group, added, removed, items = value
        return None if added or removed else _of_sequence(items)
    if code is _codes.BRANCH:
        return _of_branches(value[1])
    if code in (_codes.MAX_REPEAT, _codes.MIN_REPEAT) and value[0] >= 1:
        return _of_sequence(value[2])
    return None


def _of_branches(branches: Any) -> tuple[str, ...] | None:
    texts: list[str] = []
    for branch in branches:
        found = _of_sequence(branch)
        if found is None:
            return None
        texts += found
    return tuple(texts)
