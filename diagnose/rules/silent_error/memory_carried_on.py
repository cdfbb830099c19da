"""Memory ran out, somebody caught it, and the program went on: what was to be done with it is missing.

An allocator's error is an exception like others. A handler that logs it and goes on to the next batch, region or trial leaves a
run that says Completed and has skipped what was largest.

Signs: the fixed words of an allocator (`CUDA out of memory`, `MemoryError`, `std::bad_alloc`) in the user's log of a run that
says Completed, the program going on after them.
Near misses: a batch that was halved and repeated with success; another attempt; a line that says what was taken instead; a text
that names the error; a run that ended by it, which is another cause.
Safety constraint: whether it was made up for without a word is not seen, so it is never established.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.logs import LogKind, LogMatch, Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.trouble.excuses import EXCUSED
from diagnose.evidence.trouble.harmless import MERE_WARNING
from diagnose.evidence.trouble.kills import OUT_OF_MEMORY, mechanism_of
from diagnose.evidence.trouble.patterns import TRIED_AGAIN, TroubleKind
from diagnose.evidence.trouble.quoting import said
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import status
from diagnose.rule import Cause, Certainty, Finding, Step, quote, rule

MADE_UP_FOR = re.compile(
    r"(?i)\bbatch(?:[_ -]?size)?\b.{0,30}\b[0-9]+\b|\bhal(?:f|v(?:e|ed|ing))\b|\breduc|\bsmaller\b|\bdecreas|\blower(?:ed|ing)?\b|\bshrink|\brecover"
    r"|\bskip(?:ped|ping)? (?:the |this )?(?:batch|sample|step|example)|\bchunk|\btil(?:e|es|ing)\b|\boffload|\bon (?:the )?cpu\b|\bempt(?:y|ied) (?:the )?cache\b"
)
"""Less at once, or elsewhere: an answer of the program's own, in words that many use."""
ANSWER_LINES = 4
REFUSED = re.compile(
    r"[Tt]ried to allocate|Unable to allocate|trying to allocate|OOM when allocating|Error: |^MemoryError$|std::bad_alloc"
)
"""An allocator's whole sentence: outside a failure, its name alone may be advice."""


ANSWERS_BELOW = 3
"""Lines below the error in which a program tells what it does instead."""


@rule(
    title="Memory ran out, and the program went on",
    cause=Cause.SILENT_ERROR,
    watches=(OUT_OF_MEMORY, TRIED_AGAIN),
    remedy=(
        Step(
            "Let the error end the script, or repeat what failed with less at once",
            "",
            "except torch.cuda.OutOfMemoryError:\n    log.exception('out of memory')\n    raise",
            "What ran on after the error until now will then not run.",
        ),
        Step("Repeat what was skipped, on a larger node or in smaller pieces"),
    ),
)
def memory_carried_on(run: RunRecord, logs: Logs, troubles: Troubles | Missing) -> Iterator[Finding]:
    """An allocator's error in the log of a run that says Completed."""
    if run.phase is not Phase.COMPLETED:
        return
    refused = [m for m in logs.matches(OUT_OF_MEMORY).kept if _is_carried_on(m, logs, troubles)]
    for match in refused[:1]:
        lightly = MERE_WARNING.search(match.text) is not None
        yield Finding(
            headline=f"Memory ran out ({match.text.strip()[-120:]!r}) and the program went on; repeat what it skipped, in smaller pieces or on a larger node.",
            story=f"Line {match.line} of {match.path} is an allocator's error. Nothing tells of another attempt or of a smaller one, "
            "the program went on to its end, and the service says Completed.",
            evidence=(
                quote(match, "An allocation was refused, and the program goes on after it."),
                status(run),
            ),
            missing=("the source around it, to see what was skipped",),
            mechanism=mechanism_of(match.text),
            began_at=match.at,
            at_most=Certainty.SUSPECTED if lightly else Certainty.SUPPORTED,
        )


def _is_carried_on(match: LogMatch, logs: Logs, troubles: Troubles | Missing) -> bool:
    file = logs.file(match.path)
    if file is None or file.kind is not LogKind.USER or not re.search(match.pattern.regex, said(match.text)):
        return False
    known = () if isinstance(troubles, Missing) else troubles.all
    around = [t for t in known if t.match.path == match.path and t.match.line <= match.line <= t.last_line]
    if not any(t.kind is not TroubleKind.WORDS for t in around) and not REFUSED.search(match.text):
        return False
    if any(t.is_over or t.in_thread or t.ended_a_program for t in around):
        return False
    end = max((t.last_line for t in around), default=match.line)
    if not file.covers_end and file.tail and file.tail[-1].number <= end + ANSWERS_BELOW:
        return False  # what the program answered may stand behind the cut
    return not _is_answered(match, end, logs)


def _is_answered(match: LogMatch, end: int, logs: Logs) -> bool:
    """Whether the line or those after it tell of another attempt, a smaller one, or another way."""
    near = range(match.line, end + ANSWER_LINES + 1)
    if any(m.path == match.path and m.line in near for m in logs.matches(TRIED_AGAIN).kept):
        return True
    following = [line.text for line in match.after if end < line.number <= end + ANSWER_LINES]
    answers = (OWN_ADVICE.sub("", match.text), *following)
    return any(MADE_UP_FOR.search(text) or EXCUSED.search(text) for text in answers)


OWN_ADVICE = re.compile(
    r"Tried to allocate.*|Unable to allocate.*|If reserved memory is.*|OOM when allocating.*"
)
"""What the allocator says of itself, sizes and advice: no answer of the program's."""
