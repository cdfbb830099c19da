"""The program tries again and again to reach something outside, and that is all that it still does.

Signs: an open run whose last lines are failures and announcements of another attempt, many of them, while metrics and
outputs have stopped.
Near misses: a few attempts before success; attempts that still have work between them; a run that gave up and went on.
Safety constraint: at least three attempts at the end of the log; one slow answer is no loop.
"""

from collections.abc import Iterator

from diagnose.evidence.cadence import Cadence
from diagnose.evidence.logs import LogFile, Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.troubles import TRIED_AGAIN, Troubles
from diagnose.pieces import duration, plural, silence
from diagnose.rule import Cause, Finding, Step, quote, rule

LAST_LINES = 12
ATTEMPTS = 3


@rule(
    title="A retry loop that does not end",
    cause=Cause.WAITING_ON_EXTERNAL,
    watches=(TRIED_AGAIN,),
    remedy=(
        Step("Restore what it waits for", "The quoted lines name it; the run may then go on by itself."),
        Step(
            "Bound the loop",
            "Let it fail after a number of attempts, so that the run ends and says why.",
            "for attempt in range(10): ...\nelse: raise TimeoutError('the service did not answer')",
        ),
    ),
)
def retry_loop(run: RunRecord, logs: Logs, troubles: Troubles, cadence: Cadence) -> Iterator[Finding]:
    """Attempts at the very end of an open run's log, and nothing else."""
    if run.phase is not Phase.OPEN:
        return
    for file in logs.user_files:
        tries = [
            m for m in logs.matches(TRIED_AGAIN).kept if m.path == file.path and _is_near_end(m.line, file)
        ]
        failed = [t for t in troubles.all if t.match.path == file.path and _is_near_end(t.last_line, file)]
        # Failures between the attempts, or nothing but attempts: otherwise the word may mean something else.
        only = len({m.line for m in tries}) >= min(LAST_LINES, file.lines) - 2
        if len(tries) < ATTEMPTS or not (failed or only or _silent(cadence)) or not file.covers_end:
            continue
        count = logs.matches(TRIED_AGAIN).count
        since = f" for {duration(cadence.silence_s)}" if cadence.silence_s else ""
        yield Finding(
            headline=f"The program is caught in a retry loop ({plural(count, 'attempt')} so far) and does nothing else; restore what it tries to reach, or end the run.",
            story=f"The log of {file.path} ends in attempts to reach something that does not answer; metrics and outputs have "
            f"stopped{since}.",
            evidence=(
                quote(tries[0], "An attempt is announced."),
                quote(tries[-1], "And the last of them, at the end of the log."),
                *silence(cadence),
            ),
            mechanism="retry-loop",
            began_at=tries[0].at,
        )
        return


def _is_near_end(line: int, file: LogFile) -> bool:
    return line > file.lines - LAST_LINES


def _silent(cadence: Cadence) -> bool:
    return {"metric", "output"} & {channel.name for channel in cadence.silent_channels} != set()
