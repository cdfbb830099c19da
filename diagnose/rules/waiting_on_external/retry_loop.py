"""The program tries again and again to reach something outside, or waits for it, and that is all that it still does.

Signs: an open run whose last lines are failures and announcements of another attempt, or one to three lines of waiting
again and again with the same figures but for the clock, or rounds of lines (up to the length of a traceback) that fail and
change in nothing but a number of attempts, while nothing is produced and no counter grows.
Near misses: a few attempts before success; the ordinary use of the word for a trial (`attempt 7`), with no failure near
it; attempts that still have work between them; a count of work within the rounds; a run that gave up and went on; a thread
of its own that died, and for which it waits.
Safety constraint: at least three of them at the very end of the log, over a quarter of an hour; one slow answer is no loop.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from diagnose.evidence.cadence import Cadence
from diagnose.evidence.counters import counter_in
from diagnose.evidence.folding import rounds_of
from diagnose.evidence.logs import LogFile, LogLine, LogMatch, Logs
from diagnose.evidence.progress import Progress
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.timetelling import Role
from diagnose.evidence.trouble.patterns import TRIED_AGAIN
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import line_piece, plural, silence
from diagnose.rule import Cause, Certainty, Evidence, Finding, Step, quote, rule

LAST_LINES = 12
LONGEST_ROUND = 11
"""Lines: of so many a log keeps five rounds."""
TRIES = frozenset({Role.SAME, Role.TIME, Role.COUNT})
ATTEMPTS = 3
LASTS_S = 900.0
AGAIN = re.compile(r"(?i)\bretr(?:y|ies|ying)\b|\btry(?:ing)? again\b|重试|重試|再試行|リトライ|재시도")
WAITS_FOR = re.compile(
    r"(?i)\bwaiting (?:for|on)\b.{0,60}\b(?:lock|lease|mutex|server|service|host|approval|answer|reply|response|feed|file|table|database|connection|license)"
    r"|\bwarte auf\b.{0,60}(?:sperre|lock|server|dienst|antwort|freigabe|verbindung)|\besperando\b.{0,60}(?:bloqueo|lock|servidor|servicio|respuesta)"
    r"|\ben attente d.{0,60}(?:verrou|serveur|service|r.{1,2}ponse)"
)
"""It says what it waits for, and that is something outside."""
NO_ANSWER = re.compile(
    r"\bE(?:CONN(?:REFUSED|RESET|ABORTED)|TIMEDOUT|HOSTUNREACH|NETUNREACH|AI_AGAIN|NOTFOUND)\b|[Cc]onnection (?:refused|reset by peer|timed out)"
    r"|\bi/o timeout\b|\bno such host\b|No route to host|Name or service not known|Temporary failure in name resolution"
    r"|\b(?:StatusCode\.|code = )?(?:UNAVAILABLE|DEADLINE_EXCEEDED|RESOURCE_EXHAUSTED)\b|Too Many Requests|Service Unavailable|Gateway Time-?out"
    r"|database is locked|Lock wait timeout exceeded"
)
"""What operating systems, servers and their clients say in one wording, whatever language the program speaks."""
WAITING = re.compile(
    r"(?i)\bwait(?:ing|s)?\b|\block(?:ed|file)?\b|\bwart(?:e|et|en)\b|\besperando\b|\ben attente\b|\battend\b|\baguardando\b"
    r"|\bin attesa\b|\battendo\b|\baspett\w*\b|\bczeka\w*\b|\bqueue(?:d)?\b|等待|等候|待機|待って|ожида|ждем|ждём|대기"
)


@rule(
    title="A retry loop that does not end",
    cause=Cause.WAITING_ON_EXTERNAL,
    watches=(TRIED_AGAIN,),
    remedy=(
        Step("Restore what it waits for", "The quoted lines name it; the run may then go on by itself."),
        Step(
            "Bound the loop",
            "Let it fail after a number of attempts, so that the run ends and says why.",
            "for attempt in range(10): ...\nelse: raise TimeoutError('the service did not answer')",
        ),
    ),
)
def retry_loop(
    run: RunRecord, logs: Logs, troubles: Troubles, cadence: Cadence, progress: Progress
) -> Iterator[Finding]:
    """Attempts or waiting at the very end of an open run's log, and nothing else."""
    if (
        run.phase is not Phase.OPEN
        or cadence.produces
        or any(t.in_thread and not t.is_over for t in troubles.all)
    ):
        return  # what a dead thread should have brought is nothing from outside
    for file in logs.user_files:
        counter = progress.counter.line if progress.counter else None
        counts = counter is not None and counter.path == file.path and _is_near_end(counter.number, file)
        if not file.covers_end or (counts and progress.is_under_way):
            continue
        again = [
            m for m in logs.matches(TRIED_AGAIN).kept if m.path == file.path and _is_near_end(m.line, file)
        ]
        of_file = [m for m in logs.matches(TRIED_AGAIN).kept if m.path == file.path]
        failed = [t for t in troubles.all if t.match.path == file.path and _is_near_end(t.last_line, file)]
        announced = again if failed else [m for m in again if AGAIN.search(m.text)]
        final = file.tail[-1] if file.tail else None
        if final and WAITS_FOR.search(final.text) and (cadence.silence_s or 0.0) > LASTS_S:
            yield _finding(
                line_piece(final, "The last that the log says is that it waits for something."),
                final.at,
                cadence,
            )
            return
        waits = _waiting(progress, file, failed=bool(failed))
        if waits is not None:
            yield _finding(
                line_piece(waits, "The log says this, and nothing else, again and again."), waits.at, cadence
            )
            return
        round_again = _rounds(file, troubles)
        if round_again is not None:
            yield _finding(
                line_piece(
                    round_again, "The log says this, but for its number, and nothing else, again and again."
                ),
                round_again.at,
                cadence,
            )
            return
        if (
            len(announced) >= ATTEMPTS
            and _lasts(of_file)
            and (failed or len({m.line for m in announced}) >= LAST_LINES - 2)
        ):
            last = quote(
                announced[-1], f"The last of {plural(len(announced), 'attempt')} at the end of the log."
            )
            yield _finding(last, announced[0].at, cadence, quote(announced[0], "An attempt is announced."))
            return


def _waiting(progress: Progress, file: LogFile, *, failed: bool) -> LogLine | None:
    """Of what the log says again and again at its end the line that tells of waiting; else what stands right above it."""
    fold = progress.fold
    if fold is None or fold.first.path != file.path:
        return None
    known = (AGAIN, WAITING, NO_ANSWER)
    told = [line for line in fold.said if any(words.search(line.text) for words in known)]
    above = [fold.before] if fold.before and WAITS_FOR.search(fold.before.text) else []
    return next(iter((*reversed(told), *above)), fold.said[-1] if failed else None)


def _finding(piece: Evidence, since: datetime | None, cadence: Cadence, *more: Evidence) -> Finding:
    words = " ".join((piece.source.text or "").split())[:120] if piece.source else ""
    return Finding(
        headline=f"The program waits for something outside and does nothing else ({words!r}); restore what it waits for, or end the run.",
        story="The log ends in attempts or in waiting, and nothing is produced any more. Whether what it waits for will "
        "come cannot be seen from here.",
        evidence=(*more, piece, *silence(cadence)),
        mechanism="retry-loop",
        began_at=since,
        at_most=Certainty.SUPPORTED,
    )


def _rounds(file: LogFile, troubles: Troubles) -> LogLine | None:
    """The line of a failure or of waiting, where the log's end says the same, but for a clock and a number of attempts.

    A round may be as long as a traceback.
    """
    fold = rounds_of(file.tail, TRIES | {Role.EVEN}, 1) or rounds_of(file.tail, TRIES, LONGEST_ROUND)
    if fold and any(counter_in(line) for line in fold.said):
        fold = rounds_of(file.tail, TRIES - {Role.COUNT}, LONGEST_ROUND)  # what is counted there is work
    if fold is None:
        return None
    own = [t.last_line for t in troubles.all if t.match.path == file.path]
    begin = fold.said[0].number
    told = [line for line in fold.said if WAITS_FOR.search(line.text) or NO_ANSWER.search(line.text)]
    failed = [line for line in fold.said if any(number >= begin for number in own)]
    return next(iter((*told, *failed)), None)


def _lasts(announced: Sequence[LogMatch]) -> bool:
    """A quarter of an hour by their stamps; without stamps, many of them."""
    first, last = announced[0].at, announced[-1].at
    if first is None or last is None:
        return len(announced) >= 2 * ATTEMPTS
    return (last - first).total_seconds() >= LASTS_S


def _is_near_end(line: int, file: LogFile) -> bool:
    return line > file.lines - LAST_LINES
