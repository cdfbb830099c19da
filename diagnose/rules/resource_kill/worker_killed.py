"""A worker of the program was killed by signal 9, and the program ended by it.

The kernel takes the largest process when memory runs out, which is often a data loader's worker or a child, and not the
main process: that one then fails with a message about the worker.

Signs: the words in which PyTorch, Python's subprocess, joblib, bash and gunicorn report a child that was killed, in the
failure that the log ends with.
Near misses: a worker that was killed and replaced, after which the run went on; a child that the program killed itself;
a cancellation.
Safety constraint: who sent the signal is not said: it stays a suspicion until the kernel's log or the memory metric is seen.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.ending import Ending
from diagnose.evidence.logs import LogMatch, LogPattern, Logs
from diagnose.evidence.run import RunRecord
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import status
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, quote, rule

KILLED = LogPattern(
    "worker killed by signal 9",
    r"DataLoader worker \(pid\(?s?\)? ?[0-9, ]+\)(?: is)? killed by signal: Killed|died with <Signals\.SIGKILL: 9>"
    r"|The exit codes of the workers are \{[^}]*SIGKILL\(-9\)|was sent SIGKILL! Perhaps out of memory"
    r"|: line [0-9]+: +[0-9]+ Killed  |^Killed$|exitcode: -9 \(pid",
    after=2,
)
QUOTED = re.compile(rf"(?m){KILLED.regex}|DataLoader worker \(pid\(s\) [0-9, ]+\) exited unexpectedly")
"""The same in the service's error, which quotes the last lines only: there the signal's name may be cut off."""
NEAR_LINES = 6
"""Lines after it, a message of the one who waited for the worker."""


@rule(
    title="A worker was killed",
    cause=Cause.RESOURCE_KILL,
    watches=(KILLED,),
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
    if not ending.failed:
        return
    said = () if isinstance(logs, Missing) or isinstance(troubles, Missing) else _in_the_end(logs, troubles)
    told = run.error is not None and QUOTED.search(run.error.message or "")
    whole = isinstance(logs, Logs) and any(file.is_whole for file in logs.user_files)
    if not said and (whole or not told):
        return
    yield Finding(
        headline="A worker of the program was killed by signal 9, most often for want of memory; look at the node's memory, then use fewer or smaller workers.",
        story="The program reports it, and the run failed by it. Whoever sent the signal: the program did not end by its own doing.",
        evidence=(
            *(quote(match, "A child process was killed.") for match in said[:1]),
            *(
                [Evidence(EvidenceKind.STATUS, "The run's error quotes that a worker is gone.", run.ended_at)]
                if told and not said
                else [status(run)]
            ),
        ),
        missing=("the kernel's log of the node, and its memory metric up to the end",),
        mechanism="worker-killed",
        began_at=said[0].at if said else run.ended_at,
        at_most=Certainty.SUSPECTED,
    )


def _in_the_end(logs: Logs, troubles: Troubles) -> list[LogMatch]:
    """The reports in the failure that a log ends with."""
    return [
        match
        for match in logs.matches(KILLED).kept
        if troubles.ended_by(match.path, match.line) or _is_last(match.path, match.line, logs)
    ]


def _is_last(path: str, line: int, logs: Logs) -> bool:
    file = logs.file(path)
    return file is not None and file.covers_end and file.lines - line <= NEAR_LINES
