"""The scheduler that the work ran under ended it: its time was up, it was preempted, or its node failed or ran short.

A job of Azure may hand its work to a cluster with a scheduler of its own; that one ends a job step, and the program has no word
of it.

Signs: the fixed words of Slurm (`CANCELLED AT ... DUE TO TIME LIMIT`, `PREEMPTION`, `NODE FAILURE`), LSF, PBS or Kubernetes
(`Evicted`, `DeadlineExceeded`) at the end of a log, with nothing of the work behind them.
Near misses: a step that is cancelled because one of its tasks failed by itself, which is an echo; a job that was requeued
and went on; a node that ran short of memory, which is another rule's.
Safety constraint: a cancellation without a reason is a suspicion: a person sends it, too.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.ending import Ending
from diagnose.evidence.logs import LogMatch, Logs
from diagnose.evidence.run import RunRecord
from diagnose.evidence.trouble.kills import CANCELLED, KILLED_FOR_MEMORY
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import stated
from diagnose.rule import Cause, Certainty, Finding, Step, quote, rule

REASONS = {
    "TIME LIMIT": ("time-limit", "its time was up"),
    "RUNLIMIT": ("time-limit", "its time was up"),
    "WALLTIME": ("time-limit", "its time was up"),
    "DEADLINEEXCEEDED": ("time-limit", "its time was up"),
    "PREEMPTION": ("preempted", "another job took its place"),
    "PREEMPT": ("preempted", "another job took its place"),
    "NODE FAILURE": ("node-lost", "its node failed"),
    "JOB REQUEUE": ("preempted", "it was put back into the queue"),
    "EVICTED": ("evicted", "it was evicted from its node"),
}
SHORT = ("evicted", "its node was short of {what}")
OPEN = ("ended-by-scheduler", "it does not say why")


@rule(
    title="The scheduler ended the work",
    cause=Cause.RESOURCE_KILL,
    watches=(CANCELLED, KILLED_FOR_MEMORY),
    remedy=Step(
        "Ask the scheduler for what the work needs, and let it go on from its last checkpoint",
        "More time, a partition that is not preempted, or a request for the storage that it writes.",
        "#SBATCH --time=24:00:00 --requeue",
        "A run that hangs is then billed longer.",
    ),
)
def ended_by_scheduler(
    run: RunRecord, ending: Ending, logs: Logs | Missing, troubles: Troubles | Missing
) -> Iterator[Finding]:
    """A scheduler's own words as the last of a log."""
    if isinstance(logs, Missing) or isinstance(troubles, Missing) or not (ending.failed or ending.is_untold):
        return
    said = [m for m in logs.matches(CANCELLED).kept if _is_the_end(m, logs, troubles)]
    for match in sorted(said, key=lambda m: _reason(m) is OPEN)[:1]:
        mechanism, why = _reason(match)
        yield Finding(
            headline=f"The scheduler ended the work: {why}; ask it for what the work needs, and go on from the last checkpoint.",
            story=f"Line {match.line} of {match.path} is the scheduler's own word. The program did not end by its own doing.",
            evidence=(
                quote(match, "The scheduler says that it ended the work.", direct=mechanism != OPEN[0]),
                *stated(run),
            ),
            missing=("the scheduler's record of the job (sacct, kubectl describe)",),
            mechanism=mechanism,
            began_at=match.at,
            at_most=Certainty.SUSPECTED if mechanism == OPEN[0] else Certainty.ESTABLISHED,
        )


def _reason(match: LogMatch) -> tuple[str, str]:
    given = {name: text.strip() for name, text in match.groups.items() if text}
    if given.get("short"):
        return SHORT[0], SHORT[1].format(what=given["short"])
    words = next(iter(given.values()), "").upper()
    return next((said for name, said in REASONS.items() if words.startswith(name)), OPEN)


def _is_the_end(match: LogMatch, logs: Logs, troubles: Troubles) -> bool:
    """Whether nothing of the work follows, and no failure of the program or want of memory came before it."""
    if match.groups.get("short") == "memory" or not troubles.stands_last(match.path, match.line):
        return False
    cause = troubles.cause_of_end(match.path)
    own = cause is not None and cause.last_line < match.line and troubles.ends(match.path, cause.last_line)
    return not own and not any(_is_near(m, match, troubles) for m in logs.matches(KILLED_FOR_MEMORY).kept)


def _is_near(memory: LogMatch, match: LogMatch, troubles: Troubles) -> bool:
    return memory.path == match.path and troubles.ends(memory.path, memory.line)
