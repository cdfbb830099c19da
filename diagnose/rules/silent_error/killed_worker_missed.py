"""A worker process was killed, and the program went on without what it was to do.

A data loader, a process pool or a cluster of workers notices that one of them is gone: the kernel took it for want of memory,
or it crashed. Where its parent catches that, or starts no other, the work of that worker is missing.

Signs: a library's own words for a worker that is gone (torch's data loader, `concurrent.futures`, joblib, Ray, Dask,
gunicorn), which no restart and no second attempt follows, in a run that says Completed.
Near misses: a worker that was started again; workers that are told to end; a log that ends with it, as at an exit.
Safety constraint: only wordings that a library fixes; what the worker was to do, and whether another did it, is not seen.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.logs import LogMatch, LogPattern, Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.trouble.patterns import TRIED_AGAIN
from diagnose.evidence.trouble.quoting import said
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import status
from diagnose.rule import Cause, Certainty, Finding, Step, quote, rule

GONE = LogPattern(
    "worker that is gone",
    r"DataLoader worker \(pid.{0,60} (?:exited unexpectedly|is killed by signal)|process in the process pool was terminated abruptly"
    r"|A worker process managed by the executor was unexpectedly terminated|TerminatedWorkerError|\bKilledWorker\b|BrokenProcessPool"
    r"|A worker died or was killed while executing|The (?:actor|worker) died unexpectedly|WorkerCrashedError|Worker \(pid:[0-9]+\) was sent SIGKILL"
    r"|one or more workers (?:crashed|died)|Nanny.{0,40} killed by signal",
    before=3,
    after=8,
)
RECOVERY_LINES = 8


@rule(
    title="A worker process was killed, and the program went on",
    cause=Cause.SILENT_ERROR,
    watches=(GONE, TRIED_AGAIN),
    remedy=Step(
        "Let a lost worker end the script, and give the workers less to hold at once",
        "",
        "loader = DataLoader(data, num_workers=2, prefetch_factor=1)",
        "Fewer workers load more slowly.",
    ),
    links=("https://docs.python.org/3/library/concurrent.futures.html#brokenprocesspool",),
)
def killed_worker_missed(run: RunRecord, logs: Logs, troubles: Troubles | Missing) -> Iterator[Finding]:
    """Workers that are gone for good under a Completed run."""
    if run.phase is not Phase.COMPLETED:
        return
    gone = [match for match in logs.matches(GONE).kept if _is_gone(match, logs, troubles)]
    for match in gone[:1]:
        yield Finding(
            headline=f"A worker process was killed ({match.text.strip()[:120]!r}) and the run went on to Completed; look at the node's memory, and repeat what that worker was to do.",
            story=f"Line {match.line} of {match.path}: a library noticed that one of its workers was gone. No restart and no "
            "second attempt is seen after it, the program went on to its end, and the service says Completed.",
            evidence=(quote(match, "A library says that one of its workers is gone."), status(run)),
            missing=("the memory metric of the node, to see whether the kernel took the worker",),
            mechanism="worker-killed",
            began_at=match.at,
            at_most=Certainty.SUPPORTED,
        )


def _is_gone(match: LogMatch, logs: Logs, troubles: Troubles | Missing) -> bool:
    """Whether neither the failure that the line belongs to nor what follows it tells of another attempt."""
    if not re.search(match.pattern.regex, said(match.text)):
        return False
    again = any(
        m.path == match.path and match.line <= m.line <= match.line + RECOVERY_LINES
        for m in logs.matches(TRIED_AGAIN).kept
    )
    known = [] if isinstance(troubles, Missing) else troubles.all
    over = any(
        t.is_over and t.match.path == match.path and t.match.line <= match.line <= t.last_line for t in known
    )
    # At the very end of a log it is an interpreter that takes its workers down with it.
    goes_on = any(line.text.strip() and not line.text.startswith((" ", "\t")) for line in match.after)
    return goes_on and not again and not over
