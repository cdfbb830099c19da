"""The run is open and gives signs of life that fit its own pace.

Signs: the log, the metrics or the outputs moved within twice the longest pause that the run itself made before.
Near misses: a thread that ticks on after the work is over, while metrics and outputs have stopped; the runtime's own
heartbeat, which says that the node lives and nothing of the script; a retry loop; a traceback or a crash as the last
words, which the counter stands before.
Safety constraint: life of the log alone, without progress, is a suspicion; a run whose work is over is not working.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Beat, Cadence, Channel
from diagnose.evidence.lifecycle import Lifecycle, UserProcess
from diagnose.evidence.progress import Progress
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.troubles import TroubleKind
from diagnose.pieces import CHANNEL_WORDS, duration, line_piece
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, rule

KIND = {"log": EvidenceKind.LOG, "metric": EvidenceKind.METRIC, "output": EvidenceKind.OUTPUT}


@rule(
    title="It is slow but alive",
    cause=Cause.STILL_WORKING,
    remedy=Step("Leave it alone, and look again after its usual pause"),
    generic=True,
)
def still_working(
    run: RunRecord, cadence: Cadence, progress: Progress | Missing, lifecycle: Lifecycle | Missing
) -> Iterator[Finding]:
    """Signs of life at the run's own pace, and work left to do."""
    if run.phase is not Phase.OPEN or cadence.now is None or cadence.beat is not Beat.ALIVE:
        return
    now = cadence.now
    alive = [channel for channel in cadence.channels if channel.beat(now) is Beat.ALIVE]
    if isinstance(lifecycle, Lifecycle) and lifecycle.process is UserProcess.EXITED:
        # A launcher has ended and left the work to a child; only what is made tells that it goes on.
        alive = [channel for channel in alive if channel.name != "log"]
    if isinstance(progress, Progress) and (progress.repeated or _is_dying(progress)):
        # One and the same line again and again is a voice, and no progress; last words are not even that.
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
        ),
        mechanism="still-working",
        at_most=Certainty.ESTABLISHED if moves else Certainty.SUSPECTED,
    )


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
