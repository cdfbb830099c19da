"""A worker of the program was killed by signal 9, and the program ended by it.

The kernel takes the largest process when memory runs out, which is often a data loader's worker or a child, and not the
main process: that one then fails with a message about the worker.

Signs: the words in which PyTorch, Python's subprocess, joblib, bash and gunicorn report a child that was killed, in the
failure that the log ends with.
Near misses: a worker that was killed and replaced, after which the run went on; a child that the program killed itself;
a cancellation.
Safety constraint: who sent the signal is not said: it stays a suspicion until the kernel's log or the memory metric is seen.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.ending import Ending
from diagnose.evidence.logs import LogPattern, Logs
from diagnose.evidence.run import RunRecord
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import status
from diagnose.rule import Cause, Certainty, Finding, Step, quote, rule

KILLED = LogPattern(
    "worker killed by signal 9",
    r"DataLoader worker \(pid\(?s?\)? ?[0-9, ]+\)(?: is)? killed by signal: Killed|died with <Signals\.SIGKILL: 9>"
    r"|The exit codes of the workers are \{[^}]*SIGKILL\(-9\)|was sent SIGKILL! Perhaps out of memory"
    r"|: line [0-9]+: +[0-9]+ Killed  |^Killed$|exitcode: -9 \(pid",
    after=2,
)
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
    if not ending.failed or isinstance(logs, Missing) or isinstance(troubles, Missing):
        return
    said = [
        m
        for m in logs.matches(KILLED).kept
        if troubles.ended_by(m.path, m.line) or _is_last(m.path, m.line, logs)
    ]
    if not said:
        return
    yield Finding(
        headline="A worker of the program was killed by signal 9, most often for want of memory; look at the node's memory, then use fewer or smaller workers.",
        story=f"Line {said[0].line} of {said[0].path} reports it, and the run failed by it. Whoever sent the signal: the program did "
        "not end by its own doing.",
        evidence=(quote(said[0], "A child process was killed."), status(run)),
        missing=("the kernel's log of the node, and its memory metric up to the end",),
        mechanism="worker-killed",
        began_at=said[0].at,
        at_most=Certainty.SUSPECTED,
    )


def _is_last(path: str, line: int, logs: Logs) -> bool:
    file = logs.file(path)
    return file is not None and file.covers_end and file.lines - line <= NEAR_LINES
