"""The run is open and gives signs of life that fit its own pace, or its children do.

Signs: the log, the metrics or the outputs moved within twice the longest pause that the run itself made before; or the log
or the metrics of a child run moved a quarter of an hour ago at most, and the parent has to wait for it.
Near misses: a thread that ticks on after the work is over, while metrics and outputs have stopped; the runtime's own
heartbeat, which says that the node lives and nothing of the script; a retry loop; a log of which the end is not here; a
traceback or a crash as the last words, which the counter stands before.
Safety constraint: life of the log alone, without progress, is a suspicion; a run whose work is over is not working.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from diagnose.earlier import within_usual
from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Beat, Cadence, Channel
from diagnose.evidence.children import Child, Children
from diagnose.evidence.lifecycle import Lifecycle, UserProcess
from diagnose.evidence.progress import Progress
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.siblings import Siblings
from diagnose.evidence.troubles import TroubleKind
from diagnose.pieces import CHANNEL_WORDS, child_piece, duration, line_piece, some
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, rule

KIND = {"log": EvidenceKind.LOG, "metric": EvidenceKind.METRIC, "output": EvidenceKind.OUTPUT}


@rule(
    title="It is slow but alive",
    cause=Cause.STILL_WORKING,
    remedy=Step("Leave it alone, and look again after its usual pause"),
    generic=True,
)
def still_working(  # noqa: PLR0913, PLR0917  (its own traces, its children's, and its like)
    run: RunRecord,
    cadence: Cadence,
    progress: Progress | Missing,
    lifecycle: Lifecycle | Missing,
    children: Children | Missing,
    siblings: Siblings | Missing,
) -> Iterator[Finding]:
    """Signs of life at the run's own pace, and work left to do; else those of its children."""
    if run.phase is not Phase.OPEN or cadence.now is None:
        return
    earlier = tuple(within_usual(run, cadence, siblings))
    own = tuple(_own_life(cadence, progress, lifecycle, earlier))
    yield from own or _childrens_life(children, cadence.now, earlier)


def _own_life(
    cadence: Cadence,
    progress: Progress | Missing,
    lifecycle: Lifecycle | Missing,
    earlier: tuple[Evidence, ...],
) -> Iterator[Finding]:
    now = cadence.now
    if now is None or cadence.beat is not Beat.ALIVE:
        return
    alive = [channel for channel in cadence.channels if channel.beat(now) is Beat.ALIVE]
    if isinstance(lifecycle, Lifecycle) and lifecycle.process is UserProcess.EXITED:
        # A launcher has ended and left the work to a child; only what is made tells that it goes on.
        alive = [channel for channel in alive if channel.name != "log"]
    if isinstance(progress, Progress) and (
        progress.repeated or progress.last_line is None or _is_dying(progress)
    ):
        # One and the same line again and again is a voice, and no progress; last words are not even that; and
        # a log of which the end is not here may end in either.
        alive = [channel for channel in alive if channel.name != "log"]
    if not alive:
        return
    stopped = [c for c in cadence.silent_channels if c.gaps.count >= 3]
    under_way = isinstance(progress, Progress) and progress.is_under_way
    moves = under_way or any(channel.name in ("metric", "output") for channel in alive)
    produces = any(c.name != "log" for c in alive)
    if not produces and (
        (isinstance(progress, Progress) and progress.is_over) or (stopped and not under_way)
    ):
        return
    counter = progress.counter if isinstance(progress, Progress) and under_way else None
    freshest = min(alive, key=lambda channel: channel.silence_s(now))
    name = CHANNEL_WORDS[freshest.name]
    pace = ", within its own pace" if freshest.longest_pause_s else ""
    yield Finding(
        headline=f"The run is slow but alive: {name} moved {duration(freshest.silence_s(now))} before the capture{pace}; leave it alone and look again.",
        story="It gives signs of life, and nothing says that its work is over.",
        evidence=(
            *(_piece(channel, cadence) for channel in alive),
            *(
                [
                    line_piece(
                        counter.line,
                        f"Its own counter stands at {counter.done} of {counter.total}.",
                        channel="counter",
                    )
                ]
                if counter
                else []
            ),
            *earlier,
        ),
        mechanism="still-working",
        at_most=Certainty.ESTABLISHED if moves else Certainty.SUSPECTED,
    )


CHILD_ALIVE_S = 900.0
"""A child's own pace is not known to its parent; a validation pass or an upload fits into this."""


def _childrens_life(
    children: Children | Missing, now: datetime, earlier: tuple[Evidence, ...]
) -> Iterator[Finding]:
    """A parent ends when the last of its children does, and may be as silent as it likes until then."""
    begun = [] if isinstance(children, Missing) else [c for c in children.open if c.phase is Phase.OPEN]
    alive = [c for c in begun if _is_fresh(c.last_log_at, now) or _is_fresh(c.last_metric_at, now)]
    if not alive or isinstance(children, Missing):
        return
    names = some(c.display_name or c.run_id for c in alive)
    yield Finding(
        headline=f"The run waits for its child {names}, which still moves; leave it alone and look again.",
        story=f"{children.told}. A parent ends when the last of its children does.",
        evidence=(*(piece for child in alive[:3] for piece in _signs(child, now)), *earlier),
        mechanism="still-working",
    )


def _is_fresh(at: datetime | None, now: datetime) -> bool:
    return at is not None and abs((now - at).total_seconds()) <= CHILD_ALIVE_S


def _signs(child: Child, now: datetime) -> Iterator[Evidence]:
    """The log and the metrics of a child: two witnesses."""
    for what, at in (("log", child.last_log_at), ("metric", child.last_metric_at)):
        if at is not None and _is_fresh(at, now):
            says = f"has {CHANNEL_WORDS[what]} moving {duration(max(0.0, (now - at).total_seconds()))} before the capture"
            yield replace(child_piece(child, says), at=at, channel=f"child's {what}")


def _is_dying(progress: Progress) -> bool:
    """Whether the log ends with what ends a program."""
    last = progress.broken_off
    return last is not None and last.kind in (TroubleKind.TRACEBACK, TroubleKind.CRASH)


def _piece(channel: Channel, cadence: Cadence) -> Evidence:
    assert cadence.now is not None  # noqa: S101  (told to mypy)
    quiet, pause = duration(channel.silence_s(cadence.now)), channel.longest_pause_s
    what = CHANNEL_WORDS[channel.name]
    return Evidence(
        KIND[channel.name],
        f"{what[0].upper()}{what[1:]} moved {quiet} before the capture"
        + (f"; the longest pause before was {duration(pause)}." if pause else "."),
        channel.last_at,
    )
