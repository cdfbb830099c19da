"""The run was closed as Completed while something that it had started still wrote its outputs.

A detached child, a daemon or an asynchronous writer goes on after the process that the runtime watched has ended. What
it writes then may arrive, arrive in part, or not at all when the node is taken away.

Signs: outputs were created or changed after the end of the run, by more than clocks differ; or the process table shows a
child that lived beyond the end; or a mounted output changed well after the exit of the process that the runtime watched.
Near misses: the service's own collection of `upload` outputs and of logs, which happens between the exit and the end;
clocks of node, service and storage, which differ by up to 15 s; a copy or a tag that somebody made days later.
Safety constraint: only writes that go on from the end without a long pause are taken for the run's own; one or two of
them prove nothing by themselves.
"""

from collections.abc import Iterator
from datetime import datetime

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import SKEW_S
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.outputs import Output, Outputs, names_of
from diagnose.evidence.processes import Processes
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import clock, code_piece, duration, output_piece, place, plural, some, status
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule

OWN_S = 86_400.0
"""A write later than a day after the end is somebody else's."""


@rule(
    title="Something still wrote when the run was closed",
    cause=Cause.LINGERING_CHILD_PROCESS,
    remedy=Step(
        "Wait for the writer before the script ends",
        "The run is closed when the watched process ends, however much is still being written by others.",
        "writer.wait()          # a process\nwriter.join()          # a thread\nawait asyncio.gather(*writes)",
        "The run takes as long as the writing does.",
    ),
)
def wrote_after_close(
    run: RunRecord,
    outputs: Outputs,
    processes: Processes | Missing,
    lifecycle: Lifecycle | Missing,
    code: Code | Missing,
) -> Iterator[Finding]:
    """Writes or processes beyond the end of a Completed run."""
    if run.phase is not Phase.COMPLETED or run.ended_at is None:
        return
    if run.started_at is not None and run.ended_at < run.started_at:
        return  # an end before the start is no end to measure from
    uploaded = {o.name for o in run.expected_outputs if (o.mode or "").lower() == "upload"}
    late = _in_one_go(
        [b for b in outputs.results if b.output not in uploaded and _late(b.modified_at, run.ended_at)],
        run.ended_at,
    )
    alive = (
        []
        if isinstance(processes, Missing)
        else [p for p in processes.all if _outlived(p.ended_at, p.is_alive, p.seen_at, run.ended_at)]
    )
    if not late and not alive:
        yield from _after_exit(run, outputs, lifecycle, code)
        return
    last = max((b.modified_at for b in late if b.modified_at), default=None)
    span = f", the last one {duration((last - run.ended_at).total_seconds())} after the end" if last else ""
    unfinished = any(b.is_unfinished for b in late or outputs.results)
    yield Finding(
        headline=f"The run was closed as Completed while a child of it was still at work{span}; wait for the writer before the script ends.",
        story=f"The run ended at {clock(run.ended_at)}. "
        + (f"{plural(len(late), 'output')} changed after that{span}. " if late else "")
        + (
            f"{alive[0].name or 'A process'} (pid {alive[0].pid}) that it had started lived on. "
            if alive
            else ""
        )
        + ("What it was writing is not whole. " if unfinished else "")
        + "The service closes a run when the process that it watches has ended and does not know of others.",
        evidence=(
            *(
                output_piece(
                    b,
                    f"{place(b)} was written at {clock(b.modified_at)}, after the run had ended.",
                    direct=len(late) > 2,
                )
                for b in late[:5]
            ),
            *(
                Evidence(
                    EvidenceKind.CHILD,
                    f"{p.name or 'A process'} (pid {p.pid}) was still there after the end of the run.",
                    p.ended_at or p.seen_at,
                    Source("processes.jsonl", None, p.command),
                    direct=True,
                )
                for p in alive[:3]
            ),
            status(run),
        ),
        mechanism="wrote-after-close",
        began_at=run.ended_at,
        # By the causal order of causes, what is not whole is the work of the child that still wrote.
        subjects=names_of(b for b in outputs.results if b.is_unfinished),
    )


SOON_S = 1800.0


def _in_one_go(late: list[Output], ended: datetime) -> list[Output]:
    """The late writes that follow the end without a long pause; a file that somebody adds hours later is not one."""
    reached, kept = ended, []
    for blob in sorted(late, key=lambda b: (b.modified_at or ended, b.path)):
        if blob.modified_at is None or (blob.modified_at - reached).total_seconds() > SOON_S:
            break
        reached = blob.modified_at
        kept.append(blob)
    return kept


def _after_exit(
    run: RunRecord, outputs: Outputs, lifecycle: Lifecycle | Missing, code: Code | Missing
) -> Iterator[Finding]:
    """Mounted outputs that changed after the exit: whoever wrote them was not the process that had ended.

    An output in upload mode is written after the exit by the service itself, so only mounts tell.
    """
    exited = None if isinstance(lifecycle, Missing) else lifecycle.ended_at
    mounted = {
        o.name
        for o in run.expected_outputs
        if (o.mode or "").lower() in ("mount", "rw_mount", "readwritemount", "direct")
    }
    if exited is None:
        return
    late = _in_one_go(
        [b for b in outputs.results if b.output in mounted and _late(b.modified_at, exited)], exited
    )
    if not late:
        return
    children = findings_of(code, CodeKind.POPEN_NOT_WAITED, CodeKind.PROCESS_NOT_JOINED)
    yield Finding(
        headline=f"{some(map(place, late))} was still being written after the script had ended, by something that it had started; check that it is whole, and wait for the writer.",
        story=f"The user's process ended at {clock(exited)}, and {plural(len(late), 'mounted output')} changed after that. The "
        "writer was something that the script had started and not waited for; it went when the node was cleaned up.",
        evidence=(
            *(
                output_piece(
                    b, f"{place(b)} was written at {clock(b.modified_at)}, after the process had ended."
                )
                for b in late[:5]
            ),
            Evidence(
                EvidenceKind.LOG,
                "The runtime recorded the end of the user's process.",
                exited,
                channel="runtime",
            ),
            *(code_piece(f, f"{f.path} starts a child that nothing waits for.") for f in children[:2]),
        ),
        mechanism="detached-child",
        began_at=exited,
        subjects=names_of(late),
        at_most=Certainty.SUPPORTED,
    )


def _late(at: datetime | None, ended: datetime) -> bool:
    return at is not None and 2 * SKEW_S < (at - ended).total_seconds() < OWN_S


def _outlived(ended: datetime | None, alive: bool, seen: datetime | None, run_ended: datetime) -> bool:
    return _late(ended, run_ended) or (ended is None and alive and _late(seen, run_ended))
