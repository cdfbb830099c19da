"""What was not seen, and the causes that must stay open because of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.code import Code
from diagnose.evidence.ending import Ending
from diagnose.evidence.leftbehind import LeftBehind
from diagnose.evidence.logs import Logs
from diagnose.evidence.processes import Processes
from diagnose.evidence.run import RunRecord
from diagnose.hypotheses import Claim, Hypothesis, rank
from diagnose.rule import Cause, Certainty, EvidenceKind


@dataclass(frozen=True, slots=True)
class Unseen:
    """A part without which some causes cannot be told from others, and why it was not seen."""

    part: str
    reason: str
    bars: frozenset[Cause]
    at_most: Certainty = Certainty.NONE
    """How sure of them one may still be."""


def unseen_in(bundle: Bundle) -> tuple[Unseen, ...]:
    """What was not seen and hides an earlier link of the chain.

    What only a later link can explain is then left open, and not put in the place of the earlier one. An error that was
    swallowed stands in the log and nowhere else, and so does what ended a process, unless the service quotes it. A child
    that was cut off in its write stands in the process table, which a run of one's own machine has; elsewhere the source
    tells of it, and without that an output that is not whole has no certain cause.
    """
    run = bundle.get(RunRecord)
    if not isinstance(run, Missing) and run.is_parent_type:
        return ()  # a parent has no process and no log of its own
    return (*_unseen_log(bundle), *_unseen_processes(bundle), *_unseen_writer(bundle))


def _unseen_log(bundle: Bundle) -> Iterator[Unseen]:
    logs, ending = bundle.get(Logs), bundle.get(Ending)
    bars = {Cause.UNFLUSHED_OUTPUT, Cause.UNFLUSHED_METRICS}
    covered = not isinstance(logs, Missing) and any(file.covers_end for file in logs.user_files)
    if not covered and (isinstance(ending, Missing) or not ending.last_words):
        bars.add(Cause.LOUD_FAILURE)
    if isinstance(logs, Missing):
        yield Unseen("the user's log", logs.reason, frozenset(bars))
    elif not logs.user_files:
        yield Unseen(
            "the user's log", "the run's listing holds no log of the user's process", frozenset(bars)
        )
    elif not logs.part.is_complete or not all(file.is_whole for file in logs.user_files):
        cut = [file.path for file in logs.user_files if not file.is_whole]
        reason = f"{cut[0]} was not read whole" if cut else (logs.part.reason or "not all logs are here")
        yield Unseen("the user's log", reason, frozenset(bars))


def _unseen_processes(bundle: Bundle) -> Iterator[Unseen]:
    processes = bundle.get(Processes)
    if bundle.manifest.origin.kind == "local" and isinstance(processes, Missing):
        yield Unseen("the process table", processes.reason, frozenset({Cause.UNFLUSHED_OUTPUT}))


PROGRAMS = (
    ".js",
    ".mjs",
    ".ts",
    ".pl",
    ".r",
    ".jl",
    ".java",
    ".scala",
    ".rb",
    ".go",
    ".rs",
    ".cpp",
    ".cc",
    ".c",
    ".cu",
)
"""Sources of languages that are not read here."""


def _unseen_writer(bundle: Bundle) -> Iterator[Unseen]:
    """Who wrote an output that is not whole: it may have been something that the script left at work."""
    code, left = bundle.get(Code), bundle.get(LeftBehind)
    if isinstance(code, Missing):
        reason = code.reason
    elif not code.modules:
        reason = "the snapshot holds no source that is read here"
    elif code.unread or any(map(_is_foreign, bundle.store.names())):
        reason = "not all of it is in a language that is read here"
    elif isinstance(left, LeftBehind) and left.all:
        first = left.all[0]
        reason = (
            f"{first.path}, line {first.line}, leaves {first.what} at work, and it may have been the writer"
        )
    else:
        return
    yield Unseen("the source", reason, frozenset({Cause.UNFLUSHED_OUTPUT}), Certainty.SUPPORTED)


def _is_foreign(member: str) -> bool:
    return member.startswith("code/") and member.lower().endswith(PROGRAMS)


def judge(claims: Sequence[Claim], unseen: Sequence[Unseen]) -> tuple[Hypothesis, ...]:
    """Ranked hypotheses; one that rests on a part that was not seen is kept, without certainty and in its place."""
    return tuple(_barred(hypothesis, unseen) for hypothesis in rank(claims))


def _barred(hypothesis: Hypothesis, unseen: Sequence[Unseen]) -> Hypothesis:
    hiding = [gap for gap in unseen if hypothesis.cause in gap.bars and gap.at_most < hypothesis.certainty]
    gaps = tuple(f"{gap.part}: {gap.reason}" for gap in hiding)
    own_words = hypothesis.cause is not Cause.LOUD_FAILURE and any(
        piece.direct for piece in hypothesis.supporting if piece.kind is EvidenceKind.LOG
    )
    if not gaps or own_words:
        return hypothesis
    most = min(gap.at_most for gap in hiding)
    return replace(hypothesis, certainty=most, missing=(*gaps, *hypothesis.missing))
