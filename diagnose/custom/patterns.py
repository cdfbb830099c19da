"""A pattern of a rule file, compiled by RE2: its time is linear in the log, whatever the pattern is."""

import re
from functools import cache
from typing import Any

import re2

LONGEST = 1000
LARGEST_PROGRAM = 5000
"""Instructions of RE2: the factor before the length of the log, in the worst case."""
# Lines are looked for in whole blocks of a log, where the ends of the text are not those of a line.
_ODD = r"\\[AzZCQE]|\\$|\(\?(?![:P<]|i[):])"
_TOKENS = re.compile(rf"(?P<odd>{_ODD})|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|.", re.DOTALL)


@cache
def compiled(regex: str) -> Any:
    """The pattern for `search` on bytes of UTF-8, line by line.

    Raises `ValueError` with what is wrong and what to do, as the end of a sentence.
    """
    odd = next((token["odd"] for token in _TOKENS.finditer(regex) if token["odd"]), None)
    if odd:
        raise ValueError(
            f"uses {odd!r}, which is not allowed; ^ and $ are the ends of a line, (?i) is the only flag"
        )
    if len(regex) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters; make several patterns of it")
    options = re2.Options()
    options.log_errors = False
    options.never_nl = True  # no match runs on into the next line
    try:
        pattern = re2.compile(f"(?m){regex}", options)
    except re2.error as error:
        raise ValueError(
            f"is no pattern of RE2 ({_told(error)}); see github.com/google/re2/wiki/Syntax"
        ) from error
    if pattern.programsize > LARGEST_PROGRAM:
        raise ValueError("is too large once its repeats are counted out; lower the numbers in {}")
    if pattern.search(b"") is not None:
        raise ValueError("matches an empty line, so every line; say more of the line")
    return pattern


def groups_of(regex: str) -> frozenset[str]:
    """The names of its groups."""
    return frozenset(compiled(regex).groupindex)


def _told(error: Exception) -> str:
    said = error.args[0] if error.args else str(error)
    return (said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said))[:120]
