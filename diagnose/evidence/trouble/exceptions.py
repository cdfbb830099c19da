"""The exception that a failure names: at the end of its traceback, or in its one line."""

import json
import re

from diagnose.evidence.logs import LogMatch

EXCEPTION_LINE = re.compile(r"^(?P<type>[A-Za-z_][\w.]*)(?::\s?(?P<message>.*))?$")
CHAINED = ("During handling of the above exception", "The above exception was the direct cause")


def traceback_end(match: LogMatch) -> tuple[str | None, str, int]:
    """The exception that ends a traceback, its line, and the number of the last line.

    Rank prefixes and one-line JSON tracebacks are undone.
    """
    prefix, _, rest = match.text.partition("Traceback (most recent call last)")
    if "\\n" in rest:
        pieces = [piece.strip(" \"'}\\") for piece in rest.split("\\n")]
        ends = [piece for piece in pieces if EXCEPTION_LINE.match(piece) and not piece.startswith("File ")]
        last = ends[-1] if ends else match.text
        found = EXCEPTION_LINE.match(last)
        return (found["type"] if found and ends else None), last, match.line
    exception, message, last_line = None, match.text, match.line
    for line in match.after:
        text = line.text.removeprefix(prefix) if prefix.strip() else line.text
        if text.startswith(CHAINED) or "Traceback (most recent call last)" in text or not text.strip():
            last_line = line.number
            continue
        if text.startswith((" ", "\t")):
            last_line = line.number
            continue
        found = EXCEPTION_LINE.match(text)
        if exception is not None or not found:
            break
        exception, message, last_line = found["type"], text, line.number
        if not any(
            later.text.startswith(CHAINED) for later in match.after if 0 < later.number - line.number <= 2
        ):
            break
        exception = None
    return exception, message, last_line


def one_line(match: LogMatch) -> tuple[str | None, str, int]:
    """The exception that a line names, with the line and its number."""
    named = re.search(r"\b([A-Za-z_.]*[A-Z][A-Za-z]+(?:Error|Exception|Timeout|Refused))\b", match.text)
    return (named[1] if named else None), _worded(match.text), match.line


MESSAGE_FIELDS = ("msg", "message", "event", "text")


def _worded(text: str) -> str:
    """The message of a JSON record, else the line."""
    if not text.lstrip().startswith("{"):
        return text.strip()
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return text.strip()
    told = (row.get(field) for field in MESSAGE_FIELDS) if isinstance(row, dict) else ()
    return next((words for words in told if isinstance(words, str) and words), text.strip())
