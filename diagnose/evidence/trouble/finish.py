"""The failure that a log ends with, where several are one ending: ranks that fail together, and their launcher's echo."""

import re
from collections.abc import Sequence
from datetime import datetime

from diagnose.evidence.counters import STEP, counter_in
from diagnose.evidence.logs import LogFile, LogLine
from diagnose.evidence.noise import is_noise
from diagnose.evidence.trouble.failure import Trouble
from diagnose.evidence.trouble.patterns import TroubleKind

ECHO = re.compile(
    r"ChildFailedError|SignalException|closing signal SIG|Signal 15 \(SIGTERM\)|exitcode *: *-?(?:1|15)\b|SIGTERM\(-15\)"
    r"|(?i:killed by (?:the )?launcher)|terminated with signal SIGTERM|^srun: |Killing subprocess|exits with return code = 1\b"
    r"|Connection (?:closed|reset) by peer \[|mpirun (?:noticed|detected) that|(?i:^terminated$)"
)
"""How launchers and peers tell that a rank failed, or that the others were ended for it: never the first word of an ending."""
NO_ECHO = re.compile(r"SIGKILL|signal 9\b|exitcode *: *-9\b|return code = -9\b")
"""Signal 9 may be the first word: somebody else sent it, unless a rank had failed by itself before."""
KILLED_AFTER = re.compile(
    r"exitcode *: *-9\b.{0,20}local_rank|terminated with signal SIGKILL|return code = -9\b"
)
"""A launcher's word for a rank that signal 9 ended."""
BARE_EXCEPTION = re.compile(r"^(?:\[[^\]]{1,12}\]:? ?)?[a-z_]\w*(?:\.\w+)*\.[A-Z]\w*(?:Error|Exception): ")
"""The last line of a traceback as the interpreter prints it, with the module of the class."""
OF_A_RANK = re.compile(r"^\[rank ?\d+\]:? ?Traceback")
"""What PyTorch's hook for uncaught exceptions begins with."""
TOGETHER_LINES = 20
TOGETHER_S = 30.0
FEW_LINES = 3
LATER_S = 300.0
TEARDOWN = re.compile(
    r"^srun: |slurmstepd|^wandb: |distributed\.nanny|leaked (?:semaphore|shared_memory)|warnings\.warn|torch\.distributed\.elastic"
)
"""What launchers, trackers and the interpreter say while everything is taken down."""


def first_of_the_end(troubles: Sequence[Trouble], lines: Sequence[LogLine]) -> Trouble | None:
    """Of one log's firm failures the one that ended it: the last, or the first of those that are one ending with it."""
    if not troubles:
        return None
    chain = [troubles[-1]]
    for earlier in reversed(troubles[:-1]):
        if not _is_one_ending(earlier, chain[0], lines):
            break
        chain.insert(0, earlier)
    return next((trouble for trouble in chain if not is_echo(trouble)), chain[0])


def is_echo(trouble: Trouble) -> bool:
    """Whether it is a parent's or a launcher's word for the failure of a process that it started."""
    words = f"{trouble.match.text}\n{trouble.message}"
    told = trouble.is_of_a_child or any(ECHO.search(line) for line in words.splitlines())
    return told and not NO_ECHO.search(words)


def _is_one_ending(earlier: Trouble, later: Trouble, lines: Sequence[LogLine]) -> bool:
    near = later.match.line - earlier.last_line <= TOGETHER_LINES
    if not near or _seconds(earlier.at, later.at) > TOGETHER_S:
        return False
    between = [line for line in lines if earlier.last_line < line.number < later.match.line]
    if any(shows_work(line) for line in between):
        return False
    if is_echo(later) or KILLED_AFTER.search(f"{later.match.text}\n{later.message}"):
        return is_echo(earlier) or earlier.kind is TroubleKind.CRASH or _is_uncaught(earlier)
    return _is_uncaught(earlier) and _program(earlier) in (None, _program(later))


def _seconds(earlier: datetime | None, later: datetime | None) -> float:
    return (later - earlier).total_seconds() if earlier and later else 0.0


def _is_uncaught(trouble: Trouble) -> bool:
    text = trouble.match.text
    return trouble.ended_a_program or bool(OF_A_RANK.match(text) or BARE_EXCEPTION.match(text))


def _program(trouble: Trouble) -> str | None:
    """The script whose traceback it is: the ranks of a run share it, the steps of a shell script do not."""
    frame = trouble.match.after[0].text if trouble.match.after else ""
    return frame.partition(", line ")[0].strip() if frame.endswith(", in <module>") else None


def shows_work(line: LogLine) -> bool:
    """Whether a line counts work that was done."""
    return counter_in(line) is not None or re.search(STEP.regex, line.text) is not None


def is_last_word(file: LogFile, line: int, troubles: Sequence[Trouble]) -> bool:
    """Whether nothing of the work follows a line: only failures, their echoes, and what is said while all is taken down."""
    after = [each for each in file.tail if each.number > line]
    if not file.covers_end or (file.tail and line < file.tail[0].number - 1):
        return False
    told = [each for each in after if not _is_of_the_end(each, troubles)]
    return len(told) <= FEW_LINES and not any(map(shows_work, told))


def _is_of_the_end(line: LogLine, troubles: Sequence[Trouble]) -> bool:
    inside = any(t.match.line <= line.number <= t.last_line for t in troubles)
    said = line.text.strip()
    return (
        inside
        or not said
        or line.text.startswith((" ", "\t"))
        or is_noise(said)
        or bool(ECHO.search(said) or TEARDOWN.search(said))
    )


def was_written_last(file: LogFile, others: Sequence[LogFile]) -> bool:
    """Whether no other log of the run tells of a time well after it."""
    ends = [other.last_at for other in others if other.last_at]
    return file.last_at is None or all(_seconds(file.last_at, end) <= LATER_S for end in ends)
