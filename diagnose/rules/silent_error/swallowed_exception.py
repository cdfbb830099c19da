"""An exception was caught and logged, and the program went on as if it had done what it had not.

`except Exception: log.error(...); return False`, and nobody looks at the `False`. The process ends with 0, the service
says Completed, and the file, the model or the row that should be there is not.

Signs: a traceback, a line at error level or a named exception in the user's log of a run that says Completed, with no
further attempt and no other way after it; or words of failure in prose, where a handler of the source that swallows
printed them, or the output that they name is empty, cut off or uncommitted.
Near misses: an attempt that failed and was repeated with success, by the log's words or by a loop of the source that only
success or another error ends; an optional thing with a fall-back; counts of zero
errors, metrics called error; the known noise of healthy runs; a warning; records that were refused one by one, of which
the log's last count and an output of their own hold as many.
Safety constraint: words of failure in prose accuse nobody unless the source or the outputs agree.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code, CodeFinding, CodeKind
from diagnose.evidence.outputs import Outputs
from diagnose.evidence.putaside import PutAside
from diagnose.evidence.registrations import is_failed_registration
from diagnose.evidence.retried import is_mended_by_source
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.source.guarding import tries_to_write
from diagnose.evidence.trouble.harmless import is_only_warned_of
from diagnose.evidence.troubles import Sequel, Trouble, TroubleKind, Troubles
from diagnose.pieces import code_piece, trouble_piece
from diagnose.rule import Cause, Finding, Step, rule

SWALLOWED = (Sequel.CARRIED_ON, Sequel.LAST_WORD)
ELSEWHERE = (TroubleKind.HTTP, TroubleKind.CHILD)
"""Kinds that a rule of their own speaks of."""


@rule(
    title="An error was logged and swallowed",
    cause=Cause.SILENT_ERROR,
    remedy=(
        Step(
            "Let the error end the script",
            "Raise it again after logging it, or end with an exit code that is not 0; the service watches nothing else.",
            "except OSError:\n    log.exception('could not write the predictions')\n    raise",
            "What ran on after the error until now will then not run.",
        ),
        Step("Repeat the step that failed, and check what it should have made"),
    ),
)
def swallowed_exception(
    run: RunRecord,
    troubles: Troubles,
    outputs: Outputs | Missing,
    code: Code | Missing,
    aside: PutAside | Missing,
) -> Iterator[Finding]:
    """Failures that the log tells and nothing else does."""
    if run.phase is not Phase.COMPLETED:
        return
    told = [
        t
        for t in troubles.all
        if t.sequel in SWALLOWED
        and t.kind not in ELSEWHERE
        and not t.in_thread
        and not t.ended_a_program
        and not t.is_of_a_child
        and not is_failed_registration(t, code)
        and not is_mended_by_source(t, code)
        and not (isinstance(aside, PutAside) and aside.holds(t))
    ]
    handlers = [] if isinstance(code, Missing) else _handlers(code, told)
    firm = [
        t for t in told if t.kind is not TroubleKind.WORDS or any(t is trouble for trouble, _ in handlers)
    ]
    hinted = [t for t in told if t not in firm and _is_about_broken_output(t, outputs)]
    for trouble in (firm or hinted)[:1]:
        yield _finding(trouble, [f for t, f in handlers if t is trouble], [*firm, *hinted][1:4])


def _finding(trouble: Trouble, handlers: list[CodeFinding], others: list[Trouble]) -> Finding:
    what = trouble.exception or "an error"
    return Finding(
        headline=f"{_short(trouble.message)!r} was logged and swallowed, and the run went on to Completed; repeat what failed there and let such an error end the script.",
        story=f"The log tells of {what} at line {trouble.match.line} of {trouble.match.path}. Nothing tried again, the program "
        "went on to its end, the process left with 0, and the service, which watches only that, says Completed.",
        evidence=(
            trouble_piece(trouble, f"The log tells of {what}, and the program goes on after it."),
            *(trouble_piece(t, f"And of {t.exception or 'another error'}.") for t in others),
            *(code_piece(f, f"{f.path} catches it there and neither raises nor ends.") for f in handlers[:2]),
        ),
        mechanism="swallowed-exception",
        began_at=trouble.at,
        missing=() if handlers else ("the source that logged it, to see what it skipped",),
    )


def _short(words: str) -> str:
    return words if len(words) <= 120 else words[:117] + "…"


def _handlers(code: Code, told: list[Trouble]) -> list[tuple[Trouble, CodeFinding]]:
    """The handlers of the run's source that printed the lines, by their format strings."""
    swallowing = [f for f in code.findings if f.kind in (CodeKind.SWALLOWED_EXCEPT, CodeKind.IGNORED_RESULT)]
    pairs = []
    for trouble in told:
        statements = code.statement_of(trouble.match.text)
        pairs += [
            (trouble, f)
            for f in swallowing
            # What is only warned of is missed where it was to be written; what was to be read may have another way.
            if (not is_only_warned_of(trouble.match.text) or _guards_a_write(code, f))
            and any(s.path == f.path and f.line <= s.line <= f.last_line for s in statements)
        ]
    return pairs


def _guards_a_write(code: Code, handler: CodeFinding) -> bool:
    return any(m.path == handler.path and tries_to_write(m, handler.line) for m in code.modules)


def _is_about_broken_output(trouble: Trouble, outputs: Outputs | Missing) -> bool:
    """Whether the words name an output that is broken, or a file that a complete listing does not hold."""
    if isinstance(outputs, Missing):
        return False
    broken = [blob for blob in outputs.results if blob.is_unfinished]
    return any(blob.name.lower() in trouble.text.lower() for blob in broken)
