"""An exception ended a thread, a task or a worker, and nobody fetched it.

Python prints it and goes on: the main thread does not notice. What the thread should have done is not done, and whoever
waits for it may wait for ever.

Signs: `Exception in thread`, `Task exception was never retrieved`, an exception in a callback or in a worker process, in
a run that says Completed or that has fallen silent since.
Near misses: a worker that was restarted and did its work; an exception at interpreter exit, after the work; a rank of a
distributed job, for which the others wait; a worker that somebody stopped by hand.
Safety constraint: a thread that dies of a closed connection, or in libraries alone, while the program ends is teardown and
no cause. A child process may have been waited for, so its death establishes nothing; an exception that the log does not
name is a suspicion.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.afterwork import EXIT_TAKES_S
from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.folding import Fold
from diagnose.evidence.progress import Progress
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.trouble.deaths import is_of_libraries, is_process, is_rank, is_stopped
from diagnose.evidence.troubles import Sequel, Trouble, Troubles
from diagnose.pieces import silence, trouble_piece
from diagnose.rule import Cause, Certainty, Evidence, Finding, Step, rule


@rule(
    title="A thread or task died of an error that nobody fetched",
    cause=Cause.SILENT_ERROR,
    remedy=Step(
        "Fetch the result where you wait for the work",
        "",
        "future = pool.submit(work)\nfuture.result()        # raises here what was raised there\nawait task",
    ),
    links=("https://docs.python.org/3/library/threading.html#threading.excepthook",),
)
def error_in_thread(
    run: RunRecord, troubles: Troubles, cadence: Cadence | Missing, progress: Progress | Missing
) -> Iterator[Finding]:
    """Errors of threads, tasks and workers."""
    silent = run.phase is Phase.OPEN and isinstance(cadence, Cadence) and _is_quiet(cadence)
    fold = progress.fold if run.phase is Phase.OPEN and isinstance(progress, Progress) else None
    if run.phase is not Phase.COMPLETED and not silent and not fold:
        return
    stopped = {t.match.path for t in troubles.all if is_stopped(t)}
    dead = [t for t in troubles.all if t.in_thread and not t.is_over and not is_rank(t)]
    dead = [t for t in dead if not is_stopped(t) and not (t.exception is None and t.match.path in stopped)]
    if fold and not silent:
        dead = [t for t in dead if _is_followed_by_repeats(t, fold, cadence)]
    elif silent:
        # Only a thread whose death the silence follows can be what the run waits for.
        dead = [
            t
            for t in dead
            if troubles.ends(t.match.path, t.last_line) and _is_followed_by_silence(t, cadence)
        ]
    else:
        dead = [t for t in dead if not _is_teardown(t)]
    quiet: tuple[Evidence, ...] = tuple(silence(cadence)) if silent and isinstance(cadence, Cadence) else ()
    for trouble in dead[:1]:
        end = _end(silent=silent, repeats=fold is not None)
        yield Finding(
            headline=f"A {'process' if is_process(trouble) else 'thread'} died of {trouble.message[:120]!r} and {end}; what it should have done is not done: repeat it, and fetch results where you wait for them.",
            story=f"Line {trouble.match.line} of {trouble.match.path}: an exception ended a thread, a task or a worker. Nobody "
            f"fetched it, so nothing else stopped, and {end}.",
            evidence=(
                trouble_piece(
                    trouble, "An exception ended a thread, a task or a worker; the rest went on.", direct=True
                ),
                *quiet,
            ),
            mechanism="error-in-thread",
            began_at=trouble.at,
            at_most=_at_most(trouble, is_open=run.phase is Phase.OPEN, repeats=fold is not None),
        )


def _end(*, silent: bool, repeats: bool) -> str:
    if silent:
        return "the run fell silent after it"
    return "the log says one thing again and again since" if repeats else "the run went on to Completed"


def _at_most(trouble: Trouble, *, is_open: bool, repeats: bool) -> Certainty:
    if trouble.exception is None or (is_open and is_of_libraries(trouble)):
        return Certainty.SUSPECTED
    return Certainty.SUPPORTED if is_process(trouble) or repeats else Certainty.ESTABLISHED


def _is_quiet(cadence: Cadence) -> bool:
    """Silent by its own pace, or without any sign for so long that an exit would have come."""
    return cadence.beat is Beat.SILENT or (
        cadence.beat is Beat.UNCLEAR and (cadence.silence_s or 0.0) > EXIT_TAKES_S
    )


CLOSING = re.compile(
    r"(?:Connection\w*|BrokenPipe|EOF|Cancelled|ClosedResource)Error|interpreter shutdown"
    r"|event loop is closed|I/O operation on closed"
)


def _is_teardown(trouble: Trouble) -> bool:
    """A thread that loses its connection while the program ends has nothing left to lose."""
    words = f"{trouble.exception} {trouble.message}"
    nothing_of_its_own = bool(CLOSING.search(words)) or is_of_libraries(trouble)
    return trouble.sequel is Sequel.LAST_WORD and nothing_of_its_own


def _is_followed_by_repeats(trouble: Trouble, fold: Fold, cadence: Cadence | Missing) -> bool:
    """Whether all that is known to follow it is what the log says again and again, and nothing is made any more."""
    later = [line for line in trouble.match.after if line.number > trouble.last_line]
    if isinstance(cadence, Cadence) and cadence.now is not None and trouble.at is not None:
        lasts = (cadence.now - trouble.at).total_seconds() > EXIT_TAKES_S
        return lasts and not cadence.produces and bool(later) and all(fold.says(line) for line in later)
    return False


def _is_followed_by_silence(trouble: Trouble, cadence: Cadence | Missing) -> bool:
    """Whether the last sign of life came with it, or one ordinary pause later."""
    if trouble.sequel is Sequel.LAST_WORD:
        return True
    if isinstance(cadence, Missing) or trouble.at is None or cadence.last_at is None:
        return False
    pauses = [channel.longest_pause_s or 0.0 for channel in cadence.channels]
    return (cadence.last_at - trouble.at).total_seconds() <= max([60.0, *pauses])
