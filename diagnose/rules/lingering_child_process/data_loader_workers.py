"""The worker processes of a data loader live on when the work is done, and the interpreter waits for them.

A loader with persistent workers, or whose iterator was left half way, ends its workers only when it is let go: at the
exit. They are asked to stop, waited for and terminated; a worker that is deep in a read or a lock, and to which the signal
means nothing (a handler for preemption is inherited by every worker), is then joined without a time limit.

Signs: the work is over and no exit is recorded, and the source keeps such a loader to the end; or a stack shows the loader
shutting its workers down, or the memory pinner at work after the end; or the process table shows loader workers alive then.
Near misses: a loader without workers; one that is deleted before the end; workers that live while the training does; a
worker that was killed, which the loader reports as an error.
Safety constraint: the source alone makes no verdict, and living workers are no finding while work goes on.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.afterwork import AfterWork
from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogPattern, Logs
from diagnose.evidence.processes import Process, Processes
from diagnose.pieces import after_the_work, clock, code_piece
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, quote, rule

WORKERS_SHUT_DOWN = LogPattern(
    "stack of a data loader that shuts its workers down",
    r"torch/utils/data/dataloader\.py\"?[,:)] (?:line )?[0-9]*,? ?(?:in )?(?:_shutdown_workers|__del__|_clean_up_worker)\b"
    r"|\b(?:_shutdown_workers|_clean_up_worker) \(torch/utils/data/dataloader\.py:[0-9]+\)",
)
WORKER = re.compile(
    r"\bpt_data_(?:worker|pin)\b|torch/utils/data/_utils/worker|_MultiProcessingDataLoaderIter"
)
"""What torch calls the threads and processes of its loaders, where the system shows it."""


@rule(
    title="A data loader's workers outlive the work",
    cause=Cause.LINGERING_CHILD_PROCESS,
    watches=(WORKERS_SHUT_DOWN,),
    remedy=(
        Step(
            "Let the loader go when the last batch is done",
            "That ends its workers while the program can still say so.",
            "del batches, loader      # the iterator too\ngc.collect()",
        ),
        Step(
            "Give the workers back the default signal handlers",
            "A handler of the main process is inherited; in a worker it only makes it deaf.",
            "DataLoader(..., worker_init_fn=lambda _: signal.signal(signal.SIGTERM, signal.SIG_DFL))",
        ),
    ),
    links=("https://pytorch.org/docs/stable/data.html#multi-process-data-loading",),
)
def data_loader_workers(  # noqa: PLR0913, PLR0917  (each is a fact that it needs)
    after: AfterWork,
    lifecycle: Lifecycle,
    cadence: Cadence,
    logs: Logs,
    code: Code | Missing,
    processes: Processes | Missing,
) -> Iterator[Finding]:
    """The work is over, the process is not, and a loader's workers are there to hold it."""
    stacks = [m for m in logs.matches(WORKERS_SHUT_DOWN).kept[-1:] if after.is_open and not after.produces]
    loaders = findings_of(code, CodeKind.LOADER_WORKERS_KEPT)
    alive = (
        [] if isinstance(processes, Missing) else [p for p in processes.all if p.is_alive and _is_worker(p)]
    )
    if not stacks and not (after.lingers and (loaders or alive)):
        return
    where = f" ({loaders[0].path}, line {loaders[0].line})" if loaders else ""
    said = "but the" if stacks else "and what can still hold the process are the"
    yield Finding(
        headline=f"The main work ended, {said} worker processes of a data loader{where}"
        + (" live on and keep the process" if stacks else "")
        + "; let the loader go before the end.",
        story=f"The work was over at {clock(after.ended_at)}. At exit the loader's workers are asked to stop and then joined; one "
        "that does not stop is waited for without a limit, the runtime waits for the process, and the run stays open.",
        evidence=(
            *(quote(m, "A stack shows the loader shutting its workers down.", direct=True) for m in stacks),
            *(_worker_piece(p) for p in alive[:3]),
            *after_the_work(after, lifecycle, cadence),
            *(code_piece(f, f"{f.path} keeps a data loader to the end: {f.detail}.") for f in loaders[:3]),
        ),
        missing=() if stacks else ("the stacks of the process (py-spy dump --subprocesses --pid PID)",),
        mechanism="data-loader-workers",
        began_at=after.ended_at,
        at_most=Certainty.ESTABLISHED if stacks else _ceiling(after, code),
    )


FIRST = (
    CodeKind.THREAD_NOT_JOINED,
    CodeKind.PROCESS_NOT_JOINED,
    CodeKind.TASK_NEVER_ENDS,
    CodeKind.LOOP_NEVER_STOPPED,
    CodeKind.EXIT_HOOK_BLOCKS,
)
"""What holds a process before it comes to ending its loaders' workers, which most of them obey."""


def _ceiling(after: AfterWork, code: Code | Missing) -> Certainty:
    sure = after.is_certain and not findings_of(code, *FIRST)
    return Certainty.SUPPORTED if sure else Certainty.SUSPECTED


def _is_worker(process: Process) -> bool:
    return bool(WORKER.search(f"{process.name or ''} {process.command or ''}"))


def _worker_piece(process: Process) -> Evidence:
    # Kept workers live for as long as the process does, whatever holds that: no proof that it is they.
    return Evidence(
        EvidenceKind.CHILD,
        f"{process.name or 'A worker'} (pid {process.pid}), a worker of a data loader, was alive after the work.",
        process.seen_at,
        Source("processes.jsonl", None, process.command or process.name),
    )
