"""What is said on standard error: messages, warnings and logs, each as one line of text or of JSON."""

import contextlib
import json
import logging
import sys
from datetime import UTC, datetime

from diagnose.redact.saying import said as without_secrets
from diagnose.report.visible import line, obeyed_by_none

NOTICE = 25
"""What a person at the terminal wants to know though nothing is wrong: between INFO and WARNING."""
_LEVELS = (logging.ERROR, NOTICE, logging.INFO, logging.DEBUG)
_OURS = logging.getLogger("diagnose")
_LONGEST = 1000

logging.addLevelName(NOTICE, "NOTICE")


def set_up(verbosity: int, log_format: str) -> None:
    """Say errors only (0), notices and warnings too (1), the steps (2) or everything (3 and more)."""
    level = _LEVELS[min(verbosity, 3)]
    handler = _StandardError(level)
    handler.setFormatter(_JsonLine() if log_format == "json" else _TextLine())
    for earlier in [each for each in _OURS.handlers if isinstance(each, _StandardError)]:
        _OURS.removeHandler(earlier)
    _OURS.addHandler(handler)
    _OURS.setLevel(min(level, logging.WARNING))


def say(sentence: str, level: int = logging.ERROR) -> None:
    """One line for the person at the terminal, whatever is in it; as text when nothing was set up yet."""
    if not any(isinstance(each, _StandardError) for each in _OURS.handlers):
        set_up(1, "text")
    _OURS.log(level, "%s", sentence)


def passing(sentence: str) -> None:
    """What is being done just now: one line that the next one replaces, for a person at a terminal only."""
    for each in _OURS.handlers:
        if isinstance(each, _StandardError):
            each.show(sentence)


class _StandardError(logging.Handler):
    """Writes to standard error as it is at that moment; where nobody listens any more, nothing is said."""

    shown = False
    """Whether a passing line stands there."""

    def emit(self, record: logging.LogRecord) -> None:
        self._write(f"{self.format(record)}\n")

    def show(self, sentence: str) -> None:
        """Put a passing line in the place of the last one; an empty one takes it away."""
        is_text = isinstance(self.formatter, _TextLine)
        if is_text and self.level <= NOTICE and sys.stderr and not sys.stderr.closed and sys.stderr.isatty():
            self._write(obeyed_by_none(line(without_secrets(sentence), 70)))
            self.shown = bool(sentence)

    def _write(self, said: str) -> None:
        if sys.stderr and not sys.stderr.closed:
            with contextlib.suppress(OSError):
                sys.stderr.write(f"\r\x1b[K{said}" if self.shown else said)
                sys.stderr.flush()
            self.shown = False


class _TextLine(logging.Formatter):
    """`diagnose: what happened`; what was logged below that level names its module."""

    def format(self, record: logging.LogRecord) -> str:
        said = obeyed_by_none(line(without_secrets(record.getMessage()), _LONGEST))
        if record.name != "diagnose":
            said = f"{record.levelname.lower()}: {record.name}: {said}"
        trace = f"\n{without_secrets(self.formatException(record.exc_info))}" if record.exc_info else ""
        return f"diagnose: {said}{trace}"


class _JsonLine(logging.Formatter):
    """One JSON object of ASCII, for machines that read standard error."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields = {
            "at": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": line(without_secrets(record.getMessage()), _LONGEST),
        }
        if record.exc_info:
            fields["exception"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(fields).replace("##", "#\\u0023")
