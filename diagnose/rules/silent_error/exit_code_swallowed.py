"""The program failed, and the exit code that said so was lost on the way to the service.

In a shell the last command decides: `python train.py; echo done` and `python train.py | tee log` end with 0 whatever
Python did. A child whose return code nobody looks at is lost in the same way.

Signs: an uncaught traceback is the last that the program said, whatever the shell around it says after that, and the run
says Completed; or the process table shows a child that ended with a code other than 0 beside the first process.
Near misses: a traceback that was logged by a handler, after which the program goes on; a child that was killed on purpose;
`grep`, `diff` and `test`, whose code 1 is an answer.
Safety constraint: the command alone is no finding; many use `|| true` on purpose.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.processes import Process, Processes
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.troubles import Sequel, Trouble, TroubleKind, Troubles
from diagnose.pieces import status, trouble_piece
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Source, Step, rule

SWALLOWS = re.compile(r";|\||&(?!&)|\bset \+e\b")
ANSWERS = ("grep", "egrep", "diff", "cmp", "test", "[", "expr", "pgrep", "which", "command", "kill")


@rule(
    title="The exit code of a failure was swallowed",
    cause=Cause.SILENT_ERROR,
    remedy=Step(
        "Let the shell fail when a command of it fails",
        "",
        'command: >-\n  bash -c "set -euo pipefail; python train.py | tee train.log"',
        "Commands whose failure was tolerated until now will end the run.",
    ),
    links=("https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html",),
)
def exit_code_swallowed(
    run: RunRecord, troubles: Troubles | Missing, processes: Processes | Missing
) -> Iterator[Finding]:
    """A failure at the end of the log or in the process table, under a Completed run."""
    if run.phase is not Phase.COMPLETED:
        return
    died = [] if isinstance(troubles, Missing) else [t for t in troubles.all if _is_uncaught(t)]
    failed = [] if isinstance(processes, Missing) else _failed(processes)
    if not died and not failed:
        return
    lossy = bool(SWALLOWS.search(run.command or ""))
    words = died[0].message[:120] if died else f"{failed[0].name} ended with {failed[0].exit_code}"
    yield Finding(
        headline=f"The program failed ({words!r}), but its exit code was swallowed and the run says Completed; let the shell fail with it and run it again.",
        story="The last that the program said is an error that ends it. The service was told 0 all the same, by the shell "
        "around the program or by a parent that did not look.",
        evidence=(
            *(
                trouble_piece(t, "The program's last words are an error that nothing caught.")
                for t in died[:1]
            ),
            *(
                Evidence(
                    EvidenceKind.CHILD,
                    f"{p.name or 'A child'} (pid {p.pid}) ended with {p.exit_code}, and nobody took notice.",
                    p.ended_at,
                    Source("processes.jsonl", None, p.command),
                    direct=True,
                )
                for p in failed[:3]
            ),
            *(
                [
                    Evidence(
                        EvidenceKind.STATUS,
                        "The command line loses the exit code of its parts.",
                        None,
                        Source("run.json", None, run.command),
                        channel="command",
                    )
                ]
                if lossy
                else []
            ),
            status(run),
        ),
        mechanism="exit-code-swallowed",
        began_at=died[0].at if died else failed[0].ended_at,
    )


def _is_uncaught(trouble: Trouble) -> bool:
    if trouble.kind is not TroubleKind.TRACEBACK or trouble.in_thread:
        return False
    # After the end of a whole program only another one can speak: the shell around it went on.
    return trouble.sequel is Sequel.LAST_WORD or (
        trouble.ended_a_program and trouble.sequel is Sequel.CARRIED_ON
    )


def _failed(processes: Processes) -> list[Process]:
    main = processes.main
    return [
        p
        for p in processes.all
        if p is not main
        and p.exit_code is not None
        and 0 < p.exit_code < 128
        and (p.name or "") not in ANSWERS
    ]
