"""The main process waits for a child, and the child waits for somebody to read its full pipe.

`Popen(..., stdout=PIPE)` followed by `wait()`: as soon as the child has written about 64 KiB that nobody reads, its next
write blocks, and it never ends.

Signs: the source starts a child with a pipe that nothing reads and waits for it; the log stops right there; where processes
were seen, the child is alive, asleep, and has no child of its own.
Near misses: `communicate()`; a pipe that is read or handed on; a child that really works long, which is running when it is
looked at; a child that has ended.
Safety constraint: how much the child writes cannot be read from the source: without the process table it stays a suspicion.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.processes import Process, Processes
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.standstill import Standstill
from diagnose.pieces import code_piece, line_piece, silence
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, rule


@rule(
    title="A pipe that nobody reads",
    cause=Cause.IN_PROCESS_DEADLOCK,
    remedy=Step(
        "Read the child's output, or send it to a file",
        "`communicate()` and `subprocess.run` read while they wait.",
        "subprocess.run(command, check=True, capture_output=True)",
    ),
)
def pipe_never_read(
    run: RunRecord,
    code: Code | Missing,
    still: Standstill | Missing,
    cadence: Cadence,
    processes: Processes | Missing,
) -> Iterator[Finding]:
    """A child is waited for with its pipe unread, and the log stops there."""
    if run.phase is not Phase.OPEN:
        return
    child = None if isinstance(processes, Missing) else _sleeper(processes)
    if not isinstance(processes, Missing) and child is None:
        return
    for found in findings_of(code, CodeKind.PIPE_NEVER_READ):
        if isinstance(still, Missing) or not still.leads_to(found):
            continue
        yield Finding(
            headline=f"The main process most likely waits for a child whose pipe it does not read, from {found.path}:{found.line}; end the run and read the pipe.",
            story=f"The log stops right before {found.path}:{found.line}, which {found.detail}. A pipe holds about 64 KiB; a "
            "child that writes more waits for a reader, and never ends.",
            evidence=(
                code_piece(found, f"This line {found.detail}."),
                *([_asleep(child)] if child else []),
                *silence(cadence),
                line_piece(still.last, "From the last line the source comes to that place."),
            ),
            missing=("what the child waits for (py-spy dump --pid PID, or cat /proc/PID/wchan)",),
            mechanism="pipe-full",
            began_at=still.last.at or cadence.last_at,
            at_most=Certainty.SUPPORTED if child else Certainty.SUSPECTED,
        )
        return


def _sleeper(processes: Processes) -> Process | None:
    """The one living child of the main process, where it is asleep and has none of its own."""
    main = processes.main
    living = [p for p in processes.all if p.is_alive and main is not None and p.pid != main.pid]
    if main is None or not main.is_alive or len(living) != 1 or living[0].parent_pid != main.pid:
        return None
    return living[0] if (living[0].state or "").lower().startswith("s") else None


def _asleep(child: Process) -> Evidence:
    summary = f"The child (pid {child.pid}, {(child.command or child.name or '')[:80]}) is alive and asleep."
    return Evidence(EvidenceKind.CHILD, summary, child.seen_at)
