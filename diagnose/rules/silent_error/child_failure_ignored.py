"""A program that the run started failed, and nobody looked at its exit code.

`subprocess.run(...)` without `check=True`, `os.system(...)`, a code that is printed and not acted on: the parent goes on
as if its child had done its work.

Signs: the process table shows a child that ended with a code other than 0; the log gives a child's exit code, or names
`CalledProcessError`, and goes on; or a whole program's last words stand in the middle of the log, and the source starts a
program whose code it never reads; in a run that says Completed.
Near misses: `grep`, `diff` and `test`, whose code 1 is an answer; a child that was ended on purpose; a child that was started
again; a probe of the machine; exit code 0; the status of a web service.
Safety constraint: a code in the log is one witness, and the source alone is none: many children may fail.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.processes import Process, Processes
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.troubles import Sequel, Trouble, Troubles
from diagnose.pieces import code_piece, status, trouble_piece
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Source, Step, rule

ANSWERS = (
    "grep",
    "egrep",
    "diff",
    "cmp",
    "test",
    "[",
    "expr",
    "pgrep",
    "which",
    "command",
    "kill",
    "rg",
    "ping",
    "pidof",
    "type",
)
PROBES = (
    "git",
    "nvidia-smi",
    "rocm-smi",
    "ldconfig",
    "lscpu",
    "lspci",
    "lsb_release",
    "uname",
    "gcc",
    "nvcc",
    "ibv_devinfo",
    "ibstat",
    "locale",
    "stty",
    "tput",
)
"""What libraries call to see where they are: without an answer they go on, and so may the run."""
SHELL = re.compile(r"^(?:\S*/)?(?:ba|da|z)?sh -\w*c [\"']?(?:exec )?(?:\S*/)?([\w.+\[-]+)")


@rule(
    title="A child process failed, and nobody looked",
    cause=Cause.SILENT_ERROR,
    remedy=Step(
        "Let a failed child raise",
        "",
        "subprocess.run([sys.executable, 'convert.py'], check=True)",
        "Children whose failure was tolerated until now will end the run.",
    ),
    links=("https://docs.python.org/3/library/subprocess.html#subprocess.run",),
)
def child_failure_ignored(
    run: RunRecord, troubles: Troubles | Missing, processes: Processes | Missing, code: Code | Missing
) -> Iterator[Finding]:
    """Children that failed under a Completed run."""
    if run.phase is not Phase.COMPLETED:
        return
    failed = [] if isinstance(processes, Missing) else _failed(processes)
    unchecked = findings_of(code, CodeKind.CHILD_NOT_CHECKED)
    told = [] if isinstance(troubles, Missing) else [t for t in troubles.all if _is_told(t, bool(unchecked))]
    if not failed and not told:
        return
    words = f"{failed[0].name} ended with {failed[0].exit_code}" if failed else told[0].message[:120]
    yield Finding(
        headline=f"A child process failed ({words!r}), nobody looked at its exit code, and the run says Completed; repeat what it should have done, and let its failure raise.",
        story="A program that the run started ended with a failure. Its parent did not look at the exit code and went on, so that "
        "the service was told 0.",
        evidence=(
            *(_ended(p) for p in failed[:3]),
            *(trouble_piece(t, "The log tells how a child failed, and goes on after it.") for t in told[:2]),
            *(code_piece(f, f"{f.path} starts a program, and {f.detail}.") for f in unchecked[:2]),
            *([status(run)] if failed else []),
        ),
        mechanism="exit-code-ignored",
        began_at=failed[0].ended_at if failed else told[0].at,
    )


def _is_told(trouble: Trouble, unchecked: bool) -> bool:
    if trouble.in_thread or trouble.sequel not in (Sequel.CARRIED_ON, Sequel.LAST_WORD):
        return False
    # The last words of a whole program in the middle of the log are those of a child, where the source starts one.
    died = trouble.ended_a_program and trouble.sequel is Sequel.CARRIED_ON
    return trouble.is_of_a_child or (died and unchecked)


def _ended(process: Process) -> Evidence:
    return Evidence(
        EvidenceKind.CHILD,
        f"{process.name or 'A child'} (pid {process.pid}) ended with {process.exit_code}, and nobody took notice.",
        process.ended_at,
        Source("processes.jsonl", None, process.command),
        direct=True,
    )


def _failed(processes: Processes) -> list[Process]:
    main = processes.main
    return [
        p
        for p in processes.all
        if p is not main
        and p.exit_code is not None
        and 0 < p.exit_code < 128
        and not _asked(p)
        and not _went_well_later(p, processes)
    ]


def _asked(process: Process) -> bool:
    """Whether it is a program whose code is an answer, or one that only looks around; in a shell, what that runs."""
    inner = SHELL.match(process.command or "")
    names = {(process.name or "").rpartition("/")[2], inner[1].rpartition("/")[2] if inner else ""}
    return bool(names & {*ANSWERS, *PROBES})


def _went_well_later(process: Process, processes: Processes) -> bool:
    """Whether the same command was run again and ended with 0."""
    return process.command is not None and any(
        p.command == process.command
        and p.exit_code == 0
        and (p.started_at or END) >= (process.ended_at or process.started_at or END)
        for p in processes.all
    )


END = datetime.max.replace(tzinfo=UTC)
