"""Logs scanned in tests, and the slow obvious way to scan them."""

import io
import re

from diagnose.evidence.engines import engine_for
from diagnose.evidence.logscan.hits import Keeper
from diagnose.evidence.logscan.loglines import LogPattern
from diagnose.evidence.logscan.scanner import FileScan, Scanner, Sizes
from diagnose.evidence.logscan.times import LineClock, TimeContext


class Dribble(io.RawIOBase):
    """A stream that gives at most `most` bytes at a time, as a network does."""

    def __init__(self, data, most):
        self._inner, self._most = io.BytesIO(data), most

    def read(self, size=-1):
        return self._inner.read(min(size, self._most) if size >= 0 else self._most)


def scan(data, *patterns, engine=None, context=TimeContext(), with_omission=False, stream=None, **sizes):  # noqa: B008
    """Everything that a scan says of a log, as comparable values."""
    keepers = [Keeper(pattern) for pattern in patterns]
    scanner = Scanner(engine_for([p.regex for p in patterns], engine), keepers)
    scanned = FileScan(scanner, LineClock(context), len(data), Sizes(**sizes))
    scanned.read(stream or io.BytesIO(data), with_omission=with_omission)
    pace = scanned.times.pace
    return {
        "counts": [keeper.count for keeper in keepers],
        "hits": [[*keeper._first, *keeper._last] for keeper in keepers],
        "lines": scanned.lines,
        "ends_with_newline": scanned.ends_with_newline,
        "head": scanned.head,
        "tail": scanned.tail(),
        "times": (pace.first, pace.last, pace.stamped, pace.density(), pace.gaps()),
    }


def places(result, pattern=0):
    """Line number and text of each hit that was kept."""
    return [(hit.number, hit.text) for hit in result["hits"][pattern]]


def obvious(data, regex):
    """The lines that match, by splitting the whole log and searching every segment."""
    found = []
    for number, line in enumerate(data.split(b"\n"), 1):
        for segment in line.split(b"\r"):
            matches = re.search(regex.encode(), segment)
            found += [(number, segment.decode("utf-8", "replace"))] if matches else []
    return found


def pattern(regex, **options):
    return LogPattern(regex, regex, **options)
