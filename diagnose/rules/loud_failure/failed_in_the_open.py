"""The run failed in the open: its exit code or its error says that it did, and its log says why.

Signs: the service says Failed; or, in an import that does not say, the runtime recorded an exit code other than 0; or, where
nobody tells even that, the uncaught exception of a whole program is the log's very last words.
Near misses: failures that the platform caused, which have rules of their own; a Completed run that carries an error; a log
whose last word, or an exit code that, is of a signal: there the rule doubts itself.
Safety constraint: outputs that were written before the failure do not make it a success, nor a stuck run.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.ending import Ending
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogMatch
from diagnose.evidence.run import RunRecord
from diagnose.evidence.trouble.kills import CANCELLED, KILLED_CODES, KILLED_FOR_MEMORY, SIGNAL_NINE
from diagnose.evidence.troubles import Sequel, Trouble, Troubles
from diagnose.pieces import line_piece, trouble_piece
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Source, Step, quote, rule

KILLS = (SIGNAL_NINE, KILLED_FOR_MEMORY, CANCELLED)
SIGNALS = (*KILLED_CODES, 143, -15)


@rule(
    watches=KILLS,
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
    if ending.is_untold and not isinstance(troubles, Missing):
        yield from _by_its_log_alone(troubles)
    if not ending.failed or code == 0:
        return  # that the service calls a 0 a failure is its own doing
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
        against=tuple(_signs_of_a_kill(ending, troubles)),
        mechanism="exception" if last and last.exception else "exit-code" if code else "reported-failure",
        began_at=last.at if last else run.ended_at,
    )


def _by_its_log_alone(troubles: Troubles) -> Iterator[Finding]:
    """The uncaught exception, read to its end, that a whole program died of, and after which nothing else was done."""
    died = [
        t
        for t in _causes(troubles)
        if t.ended_a_program and t.exception and troubles.stands_last(t.match.path, t.last_line)
    ]
    for trouble in died[-1:]:
        yield Finding(
            headline=f"By its log the program failed: {' '.join(trouble.message.split())[:200]}",
            story="Neither the run's status nor an exit code is known. An exception that nothing caught is the last that the log tells.",
            evidence=(_last_words(trouble),),
            missing=("the run's status: az ml job show --name RUN",),
            mechanism="exception",
            began_at=trouble.at,
        )


def _causes(troubles: Troubles) -> list[Trouble]:
    """The failure that each log ends with."""
    paths = dict.fromkeys(t.match.path for t in troubles.all)
    return [cause for path in paths if (cause := troubles.cause_of_end(path))]


def _signs_of_a_kill(ending: Ending, troubles: Troubles | Missing) -> Iterator[Evidence]:
    """That something else ended the process: its exit code is of a signal, or a log's last word is of a kill."""
    if ending.exit_code in SIGNALS:
        yield Evidence(EvidenceKind.STATUS, f"Exit code {ending.exit_code} is of a signal that another sent.")
    said = () if isinstance(troubles, Missing) else tuple(_kills(troubles))
    for match in said[-1:]:
        yield quote(match, "The log's last word is of a kill.")


def _kills(troubles: Troubles) -> Iterator[LogMatch]:
    for pattern in KILLS:
        for match in troubles.logs.matches(pattern).kept:
            cause = troubles.cause_of_end(match.path)
            first = cause is None or match.line <= cause.last_line
            if first and troubles.stands_last(match.path, match.line):
                yield match


def _last(troubles: Troubles) -> Trouble | None:
    """The failure that the log ends with; what was got over long before is not the reason."""
    ended = [t for t in _causes(troubles) if troubles.ended_by(t.match.path, t.match.line)]
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
