"""The run failed in the open: its exit code or its error says that it did, and its log says why.

Signs: the service says Failed; or, in an import that does not say, the runtime recorded an exit code other than 0.
Near misses: failures that the platform caused, which have rules of their own; a Completed run that carries an error.
Safety constraint: outputs that were written before the failure do not make it a success, nor a stuck run.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.ending import Ending
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.run import RunRecord
from diagnose.evidence.troubles import Sequel, Trouble, Troubles
from diagnose.pieces import line_piece, trouble_piece
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Source, Step, quote, rule


@rule(
    title="It failed in the open",
    cause=Cause.LOUD_FAILURE,
    remedy=Step("Mend what the quoted error names, and run it again"),
    generic=True,
)
def failed_in_the_open(
    run: RunRecord, ending: Ending, lifecycle: Lifecycle | Missing, troubles: Troubles | Missing
) -> Iterator[Finding]:
    """Status, exit code and error, with the words of the log."""
    exited = None if isinstance(lifecycle, Missing) else lifecycle.exited
    code = ending.exit_code
    if not ending.failed:
        return
    error = run.error.message if run.error else None
    last = None if isinstance(troubles, Missing) else _last(troubles)
    what = (
        last.message if last else (error or (f"exit code {code}" if code is not None else "no reason given"))
    )
    pieces = [
        *(
            [
                Evidence(
                    EvidenceKind.STATUS,
                    _status_words(run, code),
                    run.ended_at,
                    direct=bool(code) or error is not None,
                )
            ]
            if run.status
            else []
        ),
        *([quote(exited, f"The runtime recorded exit code {code}.", direct=True)] if exited and code else []),
        *(
            [
                Evidence(
                    EvidenceKind.STATUS,
                    f"The error that the service keeps: {error[:300]}",
                    run.ended_at,
                    Source("run.json", None, error[:2000]),
                    True,
                )
            ]
            if error
            else []
        ),
        *([_last_words(last)] if last else []),
    ]
    yield Finding(
        headline=f"The run failed in the open: {' '.join(what.split())[:200]}",
        story=f"The process ended{f' with exit code {code}' if code is not None else ''} and the failure was reported. "
        "Whatever was written before it may be incomplete.",
        evidence=tuple(pieces),
        mechanism="exception" if last and last.exception else "exit-code" if code else "reported-failure",
        began_at=last.at if last else run.ended_at,
    )


def _last(troubles: Troubles) -> Trouble | None:
    """The failure that the log ends with; what was got over long before is not the reason."""
    ended = [t for t in troubles.firm_or_last if troubles.ended_by(t.match.path, t.match.line)]
    words = [t for t in troubles.all if t.sequel is Sequel.LAST_WORD]
    told = ended or words
    return told[-1] if told else None


def _status_words(run: RunRecord, code: int | None) -> str:
    return f"The service says {run.status}" + (f" with exit code {code}." if code is not None else ".")


def _last_words(trouble: Trouble) -> Evidence:
    """The exception itself where a traceback ends in one, and not the line that begins it."""
    words = [line for line in trouble.match.after if line.text.strip() == trouble.message.strip()]
    if not words:
        return trouble_piece(trouble, "The log ends with what went wrong.")
    return line_piece(words[-1], "The log ends with what went wrong.")
