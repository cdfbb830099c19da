"""The first process has ended and the runtime knows it, but the execution does not end: somebody holds the pipe.

The v2 runtime collects the exit of the process that it spawned and then waits for its output streams to close. A
background child that inherited stdout or stderr keeps them open. No public log of this was found: which lines are
missing is inferred from the order of the lines in healthy runs.

Signs: `Successfully collected the exit status of user process` or the exit code in `execution-wrapper.log`, and neither
`process execution completed` nor any line of the ending capabilities after it, long after; the service still says that
the run is open.
Near misses: in a healthy run both lines are milliseconds apart, so a capture within minutes of the exit decides nothing;
the last lines of the other runtime logs are missing in healthy runs too and are not looked at.
Safety constraint: this rests on an inference and is never established by itself.
"""

from collections.abc import Iterator

from diagnose.evidence.afterwork import AfterWork
from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.pieces import clock, duration, line_piece, silence
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Step, quote, rule


@rule(
    title="The exit was seen, but the execution is held open",
    cause=Cause.LINGERING_CHILD_PROCESS,
    remedy=Step(
        "Give background children streams of their own",
        "A child that inherits the script's output keeps it open after the script has ended.",
        "subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)\n# in a shell: command >child.log 2>&1 &",
        "What the child prints is then in its own file and no longer in the run's log.",
    ),
    inferred=True,
)
def exit_held_open(after: AfterWork, lifecycle: Lifecycle, cadence: Cadence) -> Iterator[Finding]:
    """The runtime's log ends between the exit and the end of the execution."""
    held = after.exit_held
    if not after.is_open or held is None or held.at is None or cadence.now is None or not after.is_held:
        return
    waited = (cadence.now - held.at).total_seconds()
    lived = lifecycle.last_line_at
    stalled = Evidence(
        EvidenceKind.ABSENCE,
        f"In the {duration(waited)} since then the runtime has not recorded the end of the execution"
        + (f", although it was alive at {clock(lived)}." if lived and lived > held.at else "."),
        lived,
        channel="runtime-order",
    )
    awaited = lifecycle.streams_awaited
    pieces = [
        line_piece(held, "The runtime collected the exit of the user's first process.", channel="runtime"),
        stalled,
    ]
    if awaited:
        pieces.append(
            quote(awaited, "The runtime then waited for the output streams to close.", channel="runtime")
        )
    if cadence.beat is Beat.SILENT:
        pieces += silence(cadence)
    yield Finding(
        headline=f"The script ended at {clock(held.at)}, but something that it started still holds its output open; find and end that child.",
        story="The runtime recorded the end of the first process and nothing of what comes after it in every healthy run. "
        "It waits until nobody holds the script's output streams any more; a child in the background is what holds them.",
        evidence=tuple(pieces),
        missing=("the processes of the node (ps -ef --forest, on the node, names the child)",),
        mechanism="held-output-pipe",
        began_at=held.at,
    )
