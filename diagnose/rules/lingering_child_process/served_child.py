"""A server that the script started beside its work serves on when the work is done.

A dashboard, a metrics endpoint, a model server or `serve_forever` in a thread has no end of its own. Nobody shuts it down,
so the process, or the output that a server of its own process inherited, stays open.

Signs: the work is over and no end is recorded, and the source starts a server that nothing shuts down; or the process table
shows a program that is known to serve until it is ended, alive after the work or after the first process.
Near misses: a server in a daemon thread, which ends with the interpreter (the one of `prometheus_client` does); a
`shutdown`, `terminate` or `kill`; a job whose work it is to serve, which never says that its work is over.
Safety constraint: a living server is no finding while work goes on, and the source alone makes no verdict.
"""

from collections.abc import Iterator

from diagnose.evidence.afterwork import AfterWork
from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.processes import Process, Processes
from diagnose.evidence.source.servers import server
from diagnose.pieces import after_the_work, clock, code_piece
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule


@rule(
    title="A server serves on after the work",
    cause=Cause.LINGERING_CHILD_PROCESS,
    remedy=Step(
        "Shut the server down when the work is done",
        "",
        "server.shutdown()            # of http.server and its kin, from another thread\nboard.terminate(); board.wait(timeout=30)   # of a program",
        "Whoever still reads from it is cut off.",
    ),
    links=("https://docs.python.org/3/library/socketserver.html#socketserver.BaseServer.shutdown",),
)
def served_child(
    after: AfterWork,
    lifecycle: Lifecycle,
    cadence: Cadence,
    code: Code | Missing,
    processes: Processes | Missing,
) -> Iterator[Finding]:
    """The work is over, the run is not, and a server is there to hold it."""
    started = findings_of(code, CodeKind.SERVER_NOT_STOPPED)
    alive = [] if isinstance(processes, Missing) else _alive(processes)
    if not after.is_open or not (after.lingers or after.is_held) or not (started or alive):
        return
    where = f" ({started[0].path}, line {started[0].line})" if started else ""
    name = f" {_serves(alive[0])}" if alive else ""
    yield Finding(
        headline=f"The main work ended, but a server{name} that it started{where} serves on and holds the run open; shut it down when the work is done.",
        story=f"The work was over at {clock(after.ended_at)}. A server that was started beside it has no end of its own, and nothing "
        "shuts it down; the runtime waits for it, or for the streams that it holds, and the run stays open.",
        evidence=(
            *(_alive_piece(p, proves=after.exit_held is not None) for p in alive[:3]),
            *after_the_work(after, lifecycle, cadence),
            *(code_piece(f, f"{f.path}: {f.detail}.") for f in started[:3]),
        ),
        missing=() if alive else ("the processes of the node (ps -ef --forest), and who listens (ss -ltnp)",),
        mechanism="served-child",
        began_at=after.ended_at,
        at_most=Certainty.ESTABLISHED if after.is_certain or after.exit_held else Certainty.SUSPECTED,
    )


def _serves(process: Process) -> str | None:
    """The server that a process is; an interpreter's name in front of it is no part of that."""
    words = (process.command or process.name or "").split()
    interpreted = bool(words) and words[0].rpartition("/")[2].startswith("python")
    return server(words) or (server(words[1:]) if interpreted else None)


def _alive(processes: Processes) -> list[Process]:
    """The servers that are younger than the first process: an older one was not started by it."""
    main = processes.main
    if main is None or main.started_at is None:
        return []
    young = [p for p in processes.all if p.started_at and p.started_at > main.started_at]
    return [p for p in young if p.is_alive and _serves(p)]


def _alive_piece(process: Process, *, proves: bool) -> Evidence:
    """A server that lives beside a living process is no proof; one that has outlived it holds what it inherited."""
    return Evidence(
        EvidenceKind.CHILD,
        f"{_serves(process)} (pid {process.pid}) was alive after the work.",
        process.seen_at,
        Source("processes.jsonl", None, process.command),
        direct=proves,
    )
