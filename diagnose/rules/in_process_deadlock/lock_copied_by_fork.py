"""A process is forked while a thread holds a lock: the child has a copy of the lock that nobody will ever let go.

A fork copies the memory and only the thread that forks. Whoever held a lock is not there in the child; the first that takes
it there waits for ever, and the parent waits for the child.

Signs: the run's source starts a thread that takes a plain lock and then forks processes (a pool, a process, an executor) that
take the same one; an open run stands still in the middle of its work; where processes were seen, the main process and its
children are alive and all asleep. Python from 3.12 on warns of a fork beside threads, and so does JAX: as one of the last lines of
such a run that is a sign too.
Near misses: `spawn` or `forkserver`; a lock of `multiprocessing`, which is shared; a thread that is started after the fork; a child
that works; a run that moves; a warning after which much was said.
Safety constraint: whether the thread held it at that moment is not seen: only with children that are seen asleep is it more
than a suspicion, and never established.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.logs import LogMatch, LogPattern, Logs
from diagnose.evidence.processes import Process, Processes
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.standstill import Standstill
from diagnose.pieces import code_piece, line_piece, silence
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, quote, rule

WARNED = LogPattern(
    "warning of a fork beside threads",
    r"is multi-threaded, use of fork\(\) may lead to deadlocks in the child|os\.fork\(\) is incompatible with multithreaded code",
)
SLEEPS = re.compile(r"(?i)s(?:leep\w*)?\W*$")
LAST_LINES = 6
"""After the warning; a run that says more has got over it."""


@rule(
    title="A lock that was copied while it was held",
    cause=Cause.IN_PROCESS_DEADLOCK,
    watches=(WARNED,),
    remedy=Step(
        "Start the processes anew, or before any thread",
        "A process that is spawned copies no lock.",
        'context = multiprocessing.get_context("spawn")\nwith context.Pool(4) as pool: ...',
    ),
)
def lock_copied_by_fork(  # noqa: PLR0913, PLR0917  (the source, the silence, the children)
    run: RunRecord,
    logs: Logs | Missing,
    code: Code | Missing,
    still: Standstill | Missing,
    cadence: Cadence,
    processes: Processes | Missing,
) -> Iterator[Finding]:
    """Processes were forked beside a thread, and nothing moves."""
    if run.phase is not Phase.OPEN or isinstance(still, Missing):
        return
    asleep = () if isinstance(processes, Missing) else _asleep(processes)
    found = findings_of(code, CodeKind.LOCK_COPIED_BY_FORK)
    warned = _warned(logs)
    # Children that nobody saw may be at work: then only the run's own pace tells that they are not.
    seen = bool(asleep) if not isinstance(processes, Missing) else still.by_its_own_pace
    if not seen or not (found or warned):
        return
    place = f" ({found[0].path}:{found[0].line})" if found else ""
    yield Finding(
        headline=f"A child process most likely waits for a lock that was held when it was forked{place}; end the run, and spawn the processes instead.",
        story="The log stops in the middle of the work. Processes are forked while a thread runs: a lock that the thread holds at that "
        "moment stays locked in the child for ever, and the main process waits for the child.",
        evidence=(
            *(code_piece(each, f"This line {each.detail}.") for each in found[:1]),
            *([quote(warned, "The interpreter warned of the fork.")] if warned else []),
            *([_sleepers(asleep)] if asleep else []),
            *silence(cadence),
            line_piece(still.last, "This is the last line before the silence."),
        ),
        missing=("what the child waits for (py-spy dump --pid PID of the child)",),
        mechanism="fork-with-held-lock",
        began_at=still.last.at or cadence.last_at,
        at_most=Certainty.SUPPORTED if found and asleep else Certainty.SUSPECTED,
    )


def _warned(logs: Logs | Missing) -> LogMatch | None:
    """The warning, where the log ends soon after it."""
    if isinstance(logs, Missing):
        return None
    near = (
        match
        for match in logs.matches(WARNED).kept
        if (file := logs.file(match.path)) and file.covers_end and file.lines - match.line <= LAST_LINES
    )
    return next(near, None)


def _asleep(processes: Processes) -> tuple[Process, ...]:
    """The living children of the main process, where all of them and it are asleep."""
    main = processes.main
    living = [p for p in processes.all if p.is_alive]
    children = tuple(p for p in living if main is not None and p.parent_pid == main.pid)
    all_sleep = all(SLEEPS.match(p.state or "") for p in living)
    return children if main in living and all_sleep else ()


def _sleepers(children: tuple[Process, ...]) -> Evidence:
    pids = ", ".join(str(child.pid) for child in children[:4])
    who = "A child is" if len(children) == 1 else f"{len(children)} children are"
    summary = f"{who} alive and asleep (pid {pids}), and so is the main process."
    return Evidence(EvidenceKind.CHILD, summary, children[0].seen_at)
