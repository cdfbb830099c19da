"""Counts of something against its total, as a log tells them, and which of several tells how far the work got."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from diagnose.evidence.logs import LogFile, LogLine, LogPattern
from diagnose.evidence.trouble.patterns import TRIED_AGAIN

_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9}"
COUNTER = re.compile(
    # Not inside a date, a path, a version, an address, a decimal or a name such as `v1/2` …
    rf"(?<![A-Za-z0-9_./:-])(?<![0-9],)({_NUMBER}) ?(?:/|\b(?:of|out of|von|de|sur|di|van|из)\b|\uff0f) ?({_NUMBER})"
    r"(?![0-9/-])(?![.,:][0-9])(?! [0-9]{1,2}:[0-9]{2})"
    # … and not a share of what the machine has.
    r"(?! ?(?i:[kmgt]i?b|gpus?|cpus?|cores?|nodes?|workers?|ranks?|devices?)\b)"
)
AGAIN = re.compile(TRIED_AGAIN.regex)
"""What is counted against a number of attempts is no work done."""
PERCENT = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d+)?) ?%")
_FILL = r"█▏▎▍▌▋▊▉#=>"
PERCENT_BAR = re.compile(
    rf"%\|[{_FILL} ]|% ?\[[{_FILL}]|[|\[][{_FILL}][{_FILL}. -]*[|\]] *[0-9]|[█#=]{{2}} *[0-9]{{1,3}}(?:\.[0-9]+)? ?%"
)
"""A percentage beside a drawn bar; without one it may be of anything, an accuracy say."""

STEP = LogPattern(
    "step in the log",
    r"(?i)\b(?P<label>epoch|step|iter|iteration|batch|round|trial|fold|episode|update|epoche|schritt|runde|durchlauf"
    r"|paso|.{1,2}poca|ronda|iteraci.{1,2}n|.{1,2}tape|.{1,2}poque|tour|passo|etapa|rodada)s?\b[ #:=\[(./]{0,3}(?P<number>[0-9]{1,9})\b"
    r"|(?:第|эпоха|шаг|エポック|ステップ|步|轮|에포크|스텝)[ :#=]{0,3}[0-9]{1,9}",
)


@dataclass(frozen=True, slots=True)
class Counter:
    """A count of something against its total, as the log last told it."""

    done: int
    total: int
    line: LogLine

    @property
    def is_complete(self) -> bool:
        """Whether it had reached its total."""
        return self.done >= self.total


def counters_in(file: LogFile) -> Iterator[Counter]:
    """Those in the head and the tail of a log, in order."""
    seen = {line.number: line for line in (*file.head, *file.tail)}
    for number in sorted(seen):
        counter = counter_in(seen[number])
        if counter:
            yield counter


def counter_in(line: LogLine) -> Counter | None:
    """The count against a total in a line: `3/10`, `3 of 10`, `30%|###`. A date, a path or an attempt is none.

    Of several the first that has not reached its total, so that an inner loop's end is not taken for the end.
    """
    if AGAIN.search(line.text):
        return None
    pairs = [(int(a.replace(",", "")), int(b.replace(",", ""))) for a, b in COUNTER.findall(line.text)]
    fair = [(done, total) for done, total in pairs if done <= total and total > 0]
    if fair:
        done, total = next((pair for pair in fair if pair[0] < pair[1]), fair[0])
        return Counter(done, total, line)
    percent = PERCENT.findall(line.text)
    if len(percent) == 1 and float(percent[0]) <= 100 and PERCENT_BAR.search(line.text):
        return Counter(int(float(percent[0])), 100, line)
    return None


def telling(counts: list[Counter]) -> Counter | None:
    """The last counter; but where that is full, one that is not, and is not that of an inner loop, if there is any.

    A bar that fills up once in each epoch says nothing of the end. An inner loop starts again and again.
    """
    if not counts or not counts[-1].is_complete:
        return counts[-1] if counts else None
    last_of = {counter.total: counter for counter in counts}
    left = [c for c in last_of.values() if not c.is_complete and not _starts_again(c.total, counts)]
    return left[-1] if left else counts[-1]


def _starts_again(total: int, counts: list[Counter]) -> bool:
    done = [counter.done for counter in counts if counter.total == total]
    return any(later < earlier for earlier, later in pairwise(done))


RISES = 5
"""Counts that show a pace."""
BY_DESIGN = re.compile(
    r"(?i)\b(?:epoch|step|iter|trial|round|batch|fold|episode|attempt|patience|budget|lr|seed|gen|generation|stage|phase|level|candidate|epoche|runde|schritt"
    r"|paso|ronda|passo)|poch|poque|poca|etap|acc|loss|score|correct|match|hit|mem|gpu|эпох|шаг|エポック|轮|步"
)
"""What ends early on purpose, and what is a share and no progress."""


def stopped_short(counts: list[Counter], last: LogLine | None) -> Counter | None:
    """The last counter, where it rose evenly to more than two of its steps before its total, and lines follow it."""
    told = [c for c in counts if c.total == counts[-1].total]
    done = [c.done for c in told]
    steps = [later - earlier for earlier, later in pairwise(done)]
    if len(told) < RISES or last is None or min(steps) <= 0 or BY_DESIGN.search(told[-1].line.text):
        return None
    # It is told every so often, so the end of the work may lie one step, or a short one, behind the last count.
    short = told[-1].total - told[-1].done > 2 * max(steps)
    follows = last.number > told[-1].line.number or last.path != told[-1].line.path
    return told[-1] if short and follows else None
