"""A process that the script started is still running although the script's first process has ended.

The runtime waits for the whole process tree and for everyone who holds the output pipe, so the run stays open (or,
where the first process was the only one that it watched, is closed while the other still works).

Signs: in the process table the first process has ended and another, started by it or by its shell, was alive when the
table was last looked at.
Near misses: a launcher that ends and leaves the work to its child, which then produces; a zombie has ended and holds
nothing; a table that was taken while the first process still ran says nothing of what it leaves behind; a process that
was started before the first one is not its child.
Safety constraint: a living child is no finding while its parent works; many programs live by their children.
"""

from collections.abc import Iterator

from diagnose.evidence.afterwork import AfterWork
from diagnose.evidence.bundle import Missing
from diagnose.evidence.processes import Process, Processes
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import clock, duration, some
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Source, Step, rule


@rule(
    title="A child process outlives the script",
    cause=Cause.LINGERING_CHILD_PROCESS,
    remedy=(
        Step(
            "End the child before the script ends",
            "Keep the handle, tell the child to stop, wait for it with a time limit, and only then kill it.",
            "try:\n    child.wait(timeout=600)\nexcept subprocess.TimeoutExpired:\n    child.terminate()",
            "A child that is terminated loses what it has not written.",
        ),
        Step(
            "Cancel the run once its outputs are checked",
            "The compute is held until the child ends.",
            "az ml job cancel --name RUN",
            "A canceled run counts as Canceled, and steps that depend on it do not start.",
        ),
    ),
    links=("https://docs.python.org/3/library/subprocess.html#subprocess.Popen.wait",),
)
def orphaned_process(run: RunRecord, processes: Processes, after: AfterWork | Missing) -> Iterator[Finding]:
    """The process table shows the script's end and a survivor."""
    main = processes.main
    if main is None or main.is_alive or run.phase not in (Phase.OPEN, Phase.COMPLETED):
        return
    if isinstance(after, AfterWork) and after.produces and not after.is_certain:
        return  # the child is the work: metrics or outputs still come at their own pace
    left = [p for p in processes.all if p is not main and p.is_alive and _is_younger(p, main)]
    if not left:
        return
    names = some(_call(p) for p in left)
    ended = clock(main.ended_at) if main.ended_at else "before the table was taken"
    idle = _idle(main, left)
    yield Finding(
        headline=f"The script ended, but {names} that it started still runs and holds the run open; end it and wait for it."
        if run.phase is Phase.OPEN
        else f"The run was closed while {names} that the script had started was still at work; wait for it before the script ends.",
        story=f"The first process {_call(main)} ended {ended}. {names} was still running{idle}. "
        + (
            "The service waits for every process of the job before it collects outputs and closes the run."
            if run.phase is Phase.OPEN
            else "The service closed the run without it, and what it still had to write may be missing."
        ),
        evidence=(
            Evidence(
                EvidenceKind.STATUS,
                f"The first process {_call(main)} has ended"
                + (f" with exit code {main.exit_code}" if main.exit_code is not None else "")
                + f"; {names} was alive when the processes were last looked at.",
                left[0].seen_at or main.ended_at,
                Source("processes.jsonl", None, left[0].command or left[0].name),
                direct=True,
            ),
        ),
        mechanism="child-process",
        began_at=main.ended_at,
    )


def _is_younger(process: Process, main: Process) -> bool:
    known = process.started_at is not None and main.started_at is not None
    return not known or process.started_at >= main.started_at  # type: ignore[operator]


def _call(process: Process) -> str:
    return f"{process.name or 'a process'} (pid {process.pid})"


def _idle(main: Process, left: list[Process]) -> str:
    seen = max((p.seen_at for p in left if p.seen_at), default=None)
    if seen is None or main.ended_at is None or seen <= main.ended_at:
        return ""
    return f" {duration((seen - main.ended_at).total_seconds())} later"
