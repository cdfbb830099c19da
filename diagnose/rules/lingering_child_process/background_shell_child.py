"""A shell started a command with `&` and came to its end without waiting for it or ending it.

The child inherits the shell's output. The runtime, and anybody who reads the log through a pipe, waits until the last
holder of that output is gone, so a server, an exporter or a watcher in the background holds the run open for ever.

Signs: the runtime collected the exit of the first process and did not end the execution, or the work is over and no end is
recorded; and the run's command, a shell script of the snapshot or a shell string in its Python ends a command with `&`
and neither waits for it nor ends it; or the process table shows that very command alive after the first process.
Near misses: a background command that is the work itself and still produces; `wait`, or a `trap` or `kill` that ends the child; a child whose output and errors both go elsewhere; `&&`,
`2>&1` and an `&` in quotes, which start nothing in the background.
Safety constraint: a script alone makes no verdict, and that the pipe is what the runtime waits for is an inference:
without the process table it is never more than supported.
"""

from collections.abc import Iterator
from datetime import datetime

from diagnose.evidence.afterwork import EXIT_TAKES_S, AfterWork
from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.processes import Process, Processes
from diagnose.evidence.shellscripts import Background, ShellScripts
from diagnose.pieces import after_the_work, clock, code_piece, line_piece
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule


@rule(
    title="A background command of a shell was left running",
    cause=Cause.LINGERING_CHILD_PROCESS,
    remedy=(
        Step(
            "End the background command when the script ends",
            "",
            "python exporter.py &\nexporter=$!\ntrap 'kill $exporter 2>/dev/null' EXIT",
            "A command that still writes is cut off; wait for that one instead.",
        ),
        Step(
            "Or give it streams of its own",
            "Then it holds nothing of the run's; it is ended with the node.",
            "python exporter.py >exporter.log 2>&1 &",
        ),
    ),
    links=("https://www.gnu.org/software/bash/manual/html_node/Job-Control-Builtins.html",),
)
def background_shell_child(  # noqa: PLR0913, PLR0917  (each is a fact that it needs)
    after: AfterWork,
    lifecycle: Lifecycle,
    cadence: Cadence,
    scripts: ShellScripts,
    code: Code | Missing,
    processes: Processes | Missing,
) -> Iterator[Finding]:
    """The run is held open, and a script is known to have left something in the background."""
    left = scripts.backgrounds
    strings = findings_of(code, CodeKind.SHELL_CHILD_NOT_WAITED)
    alive = [] if isinstance(processes, Missing) or after.produces else _alive(processes, left)
    held = after.is_open and after.is_held
    if not after.is_open or not (left or strings) or not (held or after.lingers or alive):
        return
    exit_line = after.exit_held
    path, line = (left[0].path, left[0].command.line) if left else (strings[0].path, strings[0].line)
    name = f"`{left[0].command.call[:80]}`" if left else "a command"
    yield Finding(
        headline=f"A shell left {name} running in the background ({path}, line {line}) and ended; it holds the run's output open: end it, or give it streams of its own.",
        story=f"The work was over at {clock(after.ended_at)}. What the shell had started with & was neither waited for nor ended. "
        "It inherited the output streams; whoever reads them waits for it, and the run stays open.",
        evidence=(
            *(_alive_piece(p) for p in alive[:2]),
            *(
                (
                    line_piece(
                        exit_line, "The runtime collected the exit of the first process.", channel="runtime"
                    ),
                )
                if exit_line
                else ()
            ),
            *after_the_work(after, lifecycle, cadence),
            *(_script_piece(each) for each in left[:3]),
            *(code_piece(f, f"{f.path} {f.detail}.") for f in strings[:3]),
        ),
        missing=()
        if alive
        else ("the processes of the node (ps -ef --forest, on the node, names the child)",),
        mechanism="background-shell-child",
        began_at=after.ended_at or (exit_line.at if exit_line else None),
        # A first process that still lives is not held by a child that it does not wait for.
        at_most=_ceiling(after, proven=bool(alive)),
    )


def _ceiling(after: AfterWork, *, proven: bool) -> Certainty:
    if proven:
        return Certainty.ESTABLISHED
    return Certainty.SUSPECTED if after.exit_unseen else Certainty.SUPPORTED


def _alive(processes: Processes, left: tuple[Background, ...]) -> list[Process]:
    """The processes that are one of those commands, and lived long after the first process had ended."""
    main = processes.main
    if main is None or main.is_alive or main.ended_at is None:
        return []
    calls = [
        " ".join(w for w in each.command.words if "$" not in w and w[:1] not in "<>&\"'") for each in left
    ]
    late = [
        p for p in processes.all if p.is_alive and p.seen_at and _s(main.ended_at, p.seen_at) > EXIT_TAKES_S
    ]
    return [p for p in late if any(_is(p, call) for call in calls)]


def _s(begin: datetime, end: datetime) -> float:
    return (end - begin).total_seconds()


PROGRAMS = frozenset({"python", "python3", "bash", "sh", "exec", "env"})
"""By these alone no command is known again."""


def _is(process: Process, call: str) -> bool:
    """Whether a process was started by a command: the same arguments, whatever path the program has."""
    words = (process.command or "").split()
    wanted = call.split()
    telling = bool(wanted) and (len(wanted) > 1 or wanted[0] not in PROGRAMS)
    return (
        telling
        and len(words) >= len(wanted)
        and all(
            word == want or word.rpartition("/")[2] == want.rpartition("/")[2]
            for word, want in zip(words, wanted, strict=False)
        )
    )


def _alive_piece(process: Process) -> Evidence:
    return Evidence(
        EvidenceKind.CHILD,
        f"{process.name or 'The background command'} (pid {process.pid}) was alive after the first process had ended.",
        process.seen_at,
        Source("processes.jsonl", None, process.command),
        direct=True,
    )


def _script_piece(background: Background) -> Evidence:
    command = background.command
    return Evidence(
        EvidenceKind.CODE,
        f"{background.path} starts this in the background, and neither waits for it nor ends it.",
        None,
        Source(background.path, command.line, f"{command.call[:200]} &"),
    )
