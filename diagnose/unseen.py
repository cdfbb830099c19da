"""What was not seen, and the causes that must stay open because of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.ending import Ending
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


def unseen_in(bundle: Bundle) -> tuple[Unseen, ...]:
    """What was not seen and hides an earlier link of the chain.

    What only a later link can explain is then left open, and not put in the place of the earlier one. An error that was
    swallowed stands in the log and nowhere else, and so does what ended a process, unless the service quotes it. A child
    that was cut off in its write stands in the process table, which a run of one's own machine has.
    """
    run = bundle.get(RunRecord)
    if not isinstance(run, Missing) and run.is_parent_type:
        return ()  # a parent has no process and no log of its own
    return (*_unseen_log(bundle), *_unseen_processes(bundle))


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


def judge(claims: Sequence[Claim], unseen: Sequence[Unseen]) -> tuple[Hypothesis, ...]:
    """Ranked hypotheses; one that rests on a part that was not seen is kept, without certainty and in its place."""
    return tuple(_barred(hypothesis, unseen) for hypothesis in rank(claims))


def _barred(hypothesis: Hypothesis, unseen: Sequence[Unseen]) -> Hypothesis:
    gaps = tuple(f"{gap.part}: {gap.reason}" for gap in unseen if hypothesis.cause in gap.bars)
    own_words = hypothesis.cause is not Cause.LOUD_FAILURE and any(
        piece.direct for piece in hypothesis.supporting if piece.kind is EvidenceKind.LOG
    )
    if not gaps or own_words:
        return hypothesis
    return replace(hypothesis, certainty=Certainty.NONE, missing=(*gaps, *hypothesis.missing))
