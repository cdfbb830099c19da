"""What a line says itself: the quotations and the pieces of data in it are left out."""

import re

QUOTED = re.compile(r"(?<!\w)'[^']{12,}'(?!\w)|\"[^\"]{12,}\"|“[^”]{12,}”|«[^»]{12,}»")
"""Quoted text of some length. Outside JSON it is what the program talks about, and not what happens to it."""
DATA = re.compile(
    r"(?i)\b(?:text|sample|label|pred\w*|row|example|input|record|sentence|document|prompt|answer)(?:\[\d+\])?\s*[=:]\s*\\?['\"].*"
    # What somebody asks or answers in the data, and the text beside the classes that it was given.
    r"|^\s*(?:Q|A|Question|Answer|User|Assistant|Human|Prompt|Completion|Frage|Antwort|Pregunta|Respuesta)(?: ?\d+)?: .*"
    r"|\b(?:pred\w*|true|gold|target|label|actual)[=:] ?\S+ (?:\w+[=:] ?\S+ )*[|\t].*"
)
"""A piece of the data under its key: whatever it says, it does not say it of the run."""


def said(text: str) -> str:
    """A line without the longer quotations in it. In JSON everything stands in quotes, so there all is said."""
    return text if text.lstrip().startswith("{") else QUOTED.sub(_left_out, DATA.sub("…", text))


REQUEST = re.compile(r"[\"'](?:GET|HEAD|POST|PUT|PATCH|DELETE) ")
"""An access line quotes the request that it tells of."""


def _left_out(found: re.Match[str]) -> str:
    return found[0] if REQUEST.match(found[0]) else "…"


LEVEL_BEHIND_PROSE = re.compile(
    r"^(?:\W*\d[\dTZ.:,/+-]*)*[\s|]*(?:\d+/\d+ ?[;,:|-]? ?)?((?:[^\W\d_]{2,} ){1,5}[^\W\d_]{2,}): (?:ERROR|CRITICAL|FATAL|SEVERE)\b"
)
"""A sentence of plain words, a colon, and then a level: what follows is shown, as another's line is."""


def is_quoted_level(text: str) -> bool:
    """Whether the level stands behind words of the program's own, and so may be that of a line which it quotes."""
    found = LEVEL_BEHIND_PROSE.search(text)
    return found is not None and found[1].islower()
