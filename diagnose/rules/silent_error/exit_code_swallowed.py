"""The program failed, and the exit code that said so was lost in the shell on the way to the service.

In a shell the last command decides: `python train.py; echo done` and `python train.py | tee log` end with 0 whatever
Python did, and so do `|| true` and a command in the background that nobody waits for.

Signs: an uncaught traceback is the last that the program said, whatever the shell around it says after that, and the run
says Completed; a command line that loses the exit code of its parts supports it.
Near misses: a traceback that was logged by a handler, after which the program goes on; `set -e` and `pipefail`, which lose
nothing; a child of a Python program, which has a rule of its own.
Safety constraint: the command alone is no finding; many use `|| true` on purpose.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.troubles import Sequel, Trouble, TroubleKind, Troubles
from diagnose.pieces import status, trouble_piece
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Source, Step, rule

REDIRECTION = re.compile(r"\d?>&\d?-?|&>>?")
OR_ELSE = re.compile(r"\|\|\s*(?:true|:|exit 0|echo)\b|\|\|\s*:|\bset \+e\b")
PIPE = re.compile(r"(?<!\|)\|(?!\|)")
NEXT = re.compile(r"[;\n](?!\s*(?:do|then|done|fi|else|esac)\b)(?=\s*\S)")
BACKGROUND = re.compile(r"(?<!&)&(?!&)")
STRICT = re.compile(r"\bset -\w*e|\bset -o errexit|\bbash -\w*e")


def loses_codes(command: str) -> bool:
    """Whether a command line ends with 0 although a part of it failed."""
    text = REDIRECTION.sub("", command)
    strict = STRICT.search(text)
    piped = PIPE.search(text) and "pipefail" not in text
    return bool(
        OR_ELSE.search(text) or piped or BACKGROUND.search(text) or (NEXT.search(text) and not strict)
    )


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
def exit_code_swallowed(run: RunRecord, troubles: Troubles, code: Code | Missing) -> Iterator[Finding]:
    """A failure that ends a program in the log, under a Completed run."""
    if run.phase is not Phase.COMPLETED:
        return
    lossy = loses_codes(run.command or "")
    child = not lossy and bool(findings_of(code, CodeKind.CHILD_NOT_CHECKED))
    died = [
        t
        for t in troubles.all
        if _is_uncaught(t)
        and not (child and t.sequel is Sequel.CARRIED_ON)
        and not _is_one_of_many(t, troubles)
    ]
    if not died:
        return
    yield Finding(
        headline=f"The program failed ({died[0].message[:120]!r}), but its exit code was swallowed and the run says Completed; let the shell fail with it and run it again.",
        story="The last that the program said is an error that ends it. The service was told 0 all the same, by the shell "
        "around the program or by a parent that did not look.",
        evidence=(
            trouble_piece(died[0], "The program's last words are an error that nothing caught."),
            *([_command(run)] if lossy else []),
            status(run),
        ),
        mechanism="exit-code-swallowed",
        began_at=died[0].at,
    )


def _command(run: RunRecord) -> Evidence:
    return Evidence(
        EvidenceKind.STATUS,
        "The command line loses the exit code of its parts.",
        None,
        Source("run.json", None, run.command),
        channel="command",
    )


def _is_one_of_many(trouble: Trouble, troubles: Troubles) -> bool:
    """A program dies once: whose own first frame stands above several tracebacks printed them and lived on."""
    first = _first_frame(trouble)
    alike = [t for t in troubles.all if t.match.path == trouble.match.path and _first_frame(t) == first]
    return trouble.ended_a_program and len(alike) > 1


def _first_frame(trouble: Trouble) -> str | None:
    return trouble.match.after[0].text.strip() if trouble.match.after else None


def _is_uncaught(trouble: Trouble) -> bool:
    if trouble.kind is not TroubleKind.TRACEBACK or trouble.in_thread:
        return False
    # After the end of a whole program only another one can speak: the shell around it went on.
    return trouble.sequel is Sequel.LAST_WORD or (
        trouble.ended_a_program and trouble.sequel is Sequel.CARRIED_ON
    )
