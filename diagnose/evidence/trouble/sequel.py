"""What became of a failure: what the lines after it show."""

import re
from collections.abc import Sequence

from diagnose.evidence.logs import LogLine
from diagnose.evidence.noise import is_noise
from diagnose.evidence.trouble.excuses import EXCUSED, EXCUSED_APART, GOT_OVER, INSTEAD
from diagnose.evidence.trouble.failure import Sequel, Trouble
from diagnose.evidence.trouble.patterns import ERROR_LEVEL, FAILURE_WORDS, TRIED_AGAIN, TroubleKind

LAST_ATTEMPT = re.compile(r"(?i)\b(\d{1,4}) ?(?:/|of|von|de|sur|di|из|中)+ ?(\d{1,4})\b")
GAVE_UP = re.compile(
    r"(?i)\bgiv(?:ing|e) up\b|\bgave up\b|\b(?:retries|attempts|tries) (?:\w+ )?exhausted\b|\bno more (?:retries|attempts)\b"
    r"|\b(?:0|no) (?:more )?(?:attempts|retries|tries) (?:left|remaining)\b|\bafter (?:\d+|all|several) (?:\w+ )?(?:attempts|retries|tries)\b|\btotal=0\b|\bretries exceeded\b(?!.*\bretry)"
    r"|aufgegeben|gebe auf|endg.{1,2}ltig|\babandonn|me rindo|desist|放弃|諦め|あきらめ|放棄|poddaj"
)
PASSED = re.compile(r"(?i)\W*(?:ok|passed|ignoring|ignored)\W*")
"""A line of its own right after it: a test that expects a failure, a step that is told to ignore one."""
ENOUGH_TO_TELL = 6
"""Lines after a failure that show whether it was tried again."""


def sequel_of(  # noqa: PLR0911, PLR0913  (what it is judged by, one by one)
    group: Sequence[Trouble],
    last: Trouble,
    end: int,
    retries: Sequence[int],
    lines: Sequence[LogLine],
    *,
    covered: bool,
) -> Sequel:
    """What followed the `last` failure of a group, whose last line is `end`. `covered`: the log's own end was read."""
    # A traceback is excused by the record that carries it: the line before it.
    headers = [line.text for t in group if t.kind is TroubleKind.TRACEBACK for line in t.match.before[-1:]]
    words = " ".join((*headers, last.message, *(t.match.text for t in group)))
    told = {n for t in group for n in range(t.match.line, t.last_line + 1)}
    between = [
        line.text for line in lines if group[0].match.line < line.number <= end and line.number not in told
    ]
    following = [line.text for line in lines if end < line.number <= end + 2]
    passed = bool(following) and PASSED.fullmatch(following[0].strip())
    excused = any(EXCUSED.search(text) for text in (words, *following))
    if passed or excused or EXCUSED_APART.search(" ".join((*headers, *following))):
        return Sequel.EXCUSED
    if any(GOT_OVER.search(text) for text in (*between, *following)):
        return Sequel.RECOVERED
    if last.exception is None and INSTEAD.search(last.match.text):
        return Sequel.EXCUSED
    if not covered and sum(line.number > end for line in lines) < ENOUGH_TO_TELL:
        return Sequel.UNKNOWN
    numbered = sum(ORDINAL.search(t.match.text) is not None for t in group)
    own = last.match.line if numbered > 1 or _announces(last.match.text) else None
    carrier = _carrier(last)
    announced = [line for line in retries if last.match.line < line <= end + 2 or line in (own, carrier)]
    announced += [last.match.line] if PAUSE.search(last.match.text) else []
    attempt = LAST_ATTEMPT.search(last.match.text)
    out_of_attempts = bool(attempt and announced and int(attempt[1]) >= int(attempt[2]))
    surrendered = any(GAVE_UP.search(text) and re.search(FAILURE_WORDS.regex, text) for text in following)
    if GAVE_UP.search(last.match.text) or surrendered or out_of_attempts:
        return Sequel.GAVE_UP if _goes_on(end, lines) else Sequel.LAST_WORD
    if announced:
        return Sequel.RECOVERED if _goes_on(end + 1, lines) else Sequel.LAST_WORD
    return Sequel.CARRIED_ON if _goes_on(end, lines) else Sequel.LAST_WORD


ORDINAL = re.compile(r"(?i)\b(?:attempt|try|versuch|intento|tentativ[ea]|essai)\b[\"' #:=]*[0-9]+")


def _carrier(trouble: Trouble) -> int | None:
    """The line of the record that carries a traceback, where it says no word of failure itself: what it says is the answer."""
    header = trouble.match.before[-1] if trouble.match.before else None
    if trouble.kind is not TroubleKind.TRACEBACK or header is None:
        return None
    failure = any(re.search(told.regex, header.text) for told in (FAILURE_WORDS, ERROR_LEVEL))
    return None if failure else header.number


PAUSE = re.compile(
    r"(?i)(?:\bwait\w*|\bsleep\w*|\bpaus\w*|\bback(?:ing)? ?off\b|\bwart\w*|\besper\w*|\battend\w*|\baspett\w*|\baguard\w*|\bczeka\w*|\bbekl\w*|жд|ожида|等|待)"
    r".{0,20}?\d+(?:[.,]\d+)? ?(?:ms\b|s\b|sec|sek|seg|min|m\b|h\b|сек|мин|秒|分)"
)
"""How long the program will wait now: nobody waits for nothing."""


def _announces(text: str) -> bool:
    """Whether a failure's own line says that another attempt will come: a number of this one alone does not."""
    counted = LAST_ATTEMPT.search(text) or PAUSE.search(text)
    return counted is not None or bool(re.search(TRIED_AGAIN.regex, ORDINAL.sub("", text)))


def _goes_on(end: int, lines: Sequence[LogLine]) -> bool:
    return any(line.number > end and not is_noise(line.text) for line in lines)
