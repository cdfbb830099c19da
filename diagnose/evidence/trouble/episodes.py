"""One trouble of several lines: an error line and its traceback, the attempts of one retry loop."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from diagnose.evidence.logs import LogLine
from diagnose.evidence.trouble.failure import Trouble, is_cancelled
from diagnose.evidence.trouble.patterns import FIRMNESS, TroubleKind
from diagnose.evidence.trouble.sequel import sequel_of


def episodes(singles: Sequence[Trouble], retries: Sequence[int]) -> Iterator[list[Trouble]]:
    """Lines that tell the same trouble: an error line and its traceback, the attempts of one retry loop."""
    group: list[Trouble] = []
    for trouble in singles:
        if group and not _belongs(group, trouble, retries):
            yield group
            group = []
        group.append(trouble)
    if group:
        yield group


def _belongs(group: Sequence[Trouble], trouble: Trouble, retries: Sequence[int]) -> bool:
    end = max(t.last_line for t in group)
    if trouble.match.line > end and trouble.ended_a_program and any(t.ended_a_program for t in group):
        return False  # two programs, or two ranks of one
    if trouble.match.line <= end + 2:
        return True
    near = trouble.match.line - end <= 40
    return near and any(group[0].match.line <= line <= trouble.last_line + 2 for line in retries)


def judged(
    group: Sequence[Trouble], retries: Sequence[int], lines: Sequence[LogLine], *, covered: bool
) -> Trouble:
    """One trouble of a group: told by its firmest line, quoted at its first, judged by what follows its last."""
    told = min(group, key=lambda t: (FIRMNESS.index(t.kind), t.match.line))
    end = max(t.last_line for t in group)
    last = max(group, key=lambda t: t.last_line)
    named = next((t for t in reversed(group) if t.exception), told)
    return replace(
        told,
        # What was called off, by whatever record carries it, is told by what called it off.
        kind=TroubleKind.WORDS if is_cancelled(named.exception) else told.kind,
        last_line=end,
        exception=named.exception,
        message=named.message,
        in_thread=any(t.in_thread for t in group),
        attempts=max(1, sum(t.kind is told.kind for t in group)),
        sequel=sequel_of(group, last, end, retries, lines, covered=covered),
    )
