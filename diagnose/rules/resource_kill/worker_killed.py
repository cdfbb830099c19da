"""A worker of the program was killed by signal 9, and the program ended by it.

The kernel takes the largest process when memory runs out, which is often a data loader's worker or a child, and not the
main process: that one then fails with a message about the worker.

Signs: the words in which PyTorch, Python's subprocess, joblib, bash, gunicorn and the launchers of ranks report a child that
was killed by signal 9, in the failure that the log ends with; or the shell's `Killed` as the log's last word. An exit code of
137 or -9 is a second witness. Where the status is not known, only with nothing of the work behind it.
Near misses: a worker that was killed and replaced, after which the run went on; a child that the program killed itself;
a cancellation; an abort, a segmentation fault or a request to end (SIGTERM); ranks that the launcher killed after another failed.
Safety constraint: who sent the signal is not said: without a second witness it stays a suspicion until the kernel's log or the
memory metric is seen.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.ending import Ending
from diagnose.evidence.logs import LogMatch, Logs
from diagnose.evidence.run import RunRecord
from diagnose.evidence.trouble.kills import KILLED_CODES, SIGNAL_NINE
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import stated
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, quote, rule

QUOTED = re.compile(rf"(?m){SIGNAL_NINE.regex}|DataLoader worker \(pid\(s\) [0-9, ]+\) exited unexpectedly")
"""The same in the service's error, which quotes the last lines only: there the signal's name may be cut off."""
NEAR_LINES = 6
"""Lines after it, a message of the one who waited for the worker."""


@rule(
    title="A worker was killed",
    cause=Cause.RESOURCE_KILL,
    watches=(SIGNAL_NINE,),
    remedy=Step(
        "Look at the node's memory, then need less of it",
        "Fewer workers, smaller batches, more shared memory.",
        "DataLoader(..., num_workers=2)\nresources:\n  shm_size: 16g",
    ),
)
def worker_killed(
    run: RunRecord, ending: Ending, logs: Logs | Missing, troubles: Troubles | Missing
) -> Iterator[Finding]:
    """A child's death by signal 9 in the failure that the log ends with."""
    if not (ending.failed or ending.is_untold):
        return
    said = _in_the_end(logs, troubles, untold=ending.is_untold)
    told = ending.failed and run.error is not None and QUOTED.search(run.error.message or "")
    whole = isinstance(logs, Logs) and any(file.is_whole for file in logs.user_files)
    if not said and (whole or not told):
        return
    yield Finding(
        headline="A worker of the program was killed by signal 9, most often for want of memory; look at the node's memory, then use fewer or smaller workers.",
        story="The program or its launcher reports it, and the run ended by it. Whoever sent the signal: the program did not end by its own doing.",
        evidence=(
            *(quote(match, "A process was killed by signal 9.") for match in said[:1]),
            *_witnesses(run, ending, said),
        ),
        missing=("the kernel's log of the node, and its memory metric up to the end",),
        mechanism="worker-killed",
        began_at=said[0].at if said else run.ended_at,
        at_most=Certainty.SUPPORTED if said and ending.exit_code in KILLED_CODES else Certainty.SUSPECTED,
    )


def _witnesses(run: RunRecord, ending: Ending, said: list[LogMatch]) -> Iterator[Evidence]:
    if not said:
        yield Evidence(EvidenceKind.STATUS, "The run's error quotes that a worker is gone.", run.ended_at)
    elif ending.exit_code in KILLED_CODES:
        words = f"The process ended with {ending.exit_code}: signal 9."
        yield Evidence(EvidenceKind.STATUS, words, run.ended_at)
    else:
        yield from stated(run)


def _in_the_end(logs: Logs | Missing, troubles: Troubles | Missing, *, untold: bool) -> list[LogMatch]:
    """The reports in the failure that a log ends with, or right beside its end."""
    if isinstance(logs, Missing) or isinstance(troubles, Missing):
        return []
    said = [m for m in logs.matches(SIGNAL_NINE).kept if _ended_it(m, logs, troubles)]
    return [m for m in said if not untold or troubles.stands_last(m.path, m.line)]


def _ended_it(match: LogMatch, logs: Logs, troubles: Troubles) -> bool:
    if troubles.ended_by(match.path, match.line):
        return True
    cause = troubles.cause_of_end(match.path)
    # Ranks are killed after another one failed; whoever was killed first leaves its launcher to fail after it.
    first = cause is None or match.line < cause.match.line or not troubles.ends(match.path, cause.last_line)
    return first and _is_last(match.path, match.line, logs)


def _is_last(path: str, line: int, logs: Logs) -> bool:
    file = logs.file(path)
    return file is not None and file.covers_end and file.lines - line <= NEAR_LINES
