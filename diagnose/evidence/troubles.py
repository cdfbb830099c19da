"""What went wrong by the log's own word, and what became of it: tried again, excused, or simply carried on from.

Users phrase failure in a thousand ways. Structure is read before words: a traceback, a level field, an exception's
name, a status code. Words of failure in prose count as a hint only, and a rule must not conclude from them alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.logs import LogLine, LogMatch, LogPattern, Logs
from diagnose.evidence.noise import is_noise

TRACEBACK = LogPattern("python traceback", r"Traceback \(most recent call last\)", before=2, after=60)
ERROR_LEVEL = LogPattern(
    "line at error level",
    r"(?:^|[ \t\[|(<{:=/\"'-])(?:ERROR|CRITICAL|FATAL|SEVERE|FEHLER|ERREUR|ERRORE|ERRO)(?:[\] \t|)>}:,=\"'-]|$)"
    r"|\"?(?:level|levelname|severity|lvl)\"?[:=] ?\"?(?:error|critical|fatal|Error|Critical|Fatal|exception)\b"
    r"|^(?:Error|error|Fatal|fatal|Fehler|Erreur|Erro|Errore)(?: [a-z][^:]{0,60})?: "
    r"|^E[0-9]{4} [0-9:.]{8,15} "
    r"|错误|エラー|ошибка|Ошибка|ОШИБКА|오류",
    before=2,
    after=4,
)
EXCEPTION_NAMED = LogPattern(
    "exception named",
    r"\b[A-Za-z_.]*[A-Z][A-Za-z]{2,40}(?:Error|Exception|Timeout|Refused|Interrupt)\b ?[:(\[{]",
    before=2,
    after=4,
)
HTTP_STATUS = LogPattern(
    "http failure",
    r"(?i)(?:\bhttp(?:/[0-9.]+)?|\bstatus(?:[ _]?code)?|\bresponse(?:[ _]code)?|<response|returned|answered|got|error)"
    r"[ :=\[\"'a-z]{0,20}\b[45][0-9][0-9]\b"
    # An access line: the method, the path, and some way on the answer.
    r"|\b(?:GET|POST|PUT|PATCH|DELETE) [^ ]{1,300}[^0-9]{1,20}(?:HTTP/[0-9.]{1,3}\"? )?[45][0-9][0-9]\b",
    before=2,
    after=4,
)
FAILURE_WORDS = LogPattern(
    "words of failure",
    r"(?i)\bfail(?:ed|ure|s)?\b|\bcould(?: not|n't)\b|\bcan(?:not|'t)\b|\bunable to\b|\bgiv(?:ing|e) up\b|\bgave up\b"
    r"|\baborted\b|\btimed out\b|\brefused\b|\bexhausted\b|\bnot (?:written|saved|stored|registered|uploaded)\b"
    r"|fehlgeschlagen|konnte nicht|nicht m.{1,2}glich|gescheitert|abgebrochen"
    r"|\b.{1,2}chec\b|.{1,2}chou|impossible d|n'a pas pu|abandon"
    r"|fall(?:o|.{2})\b|error al |no se (?:pudo|ha podido)|imposible|n.{1,2}o foi poss|non riuscit|impossibile"
    r"|失败|失敗|できません|できなかった|不能|无法|無法|超时|не удалось|сбой|실패",
    before=2,
    after=4,
)
NOT_FAILED = re.compile(
    r"(?i)\b(?:0|no|zero|without|keine?|sin|aucune?|sans) (?:\w+ )?(?:errors?|fail\w*|fehler|errores|erreurs?)\b"
    r"|\b(?:errors?|fail(?:ed|ures?|s)?|fehler)\b[ \"']*[:=][ \"']*(?:0(?![.,]?\d)|none|false|\[\])"
    r"|\b(?:if|in case|when|should) (?:\w+ ){0,3}(?:fails?|errors?)\b|\bfail(?:s|ed)? ?(?:over|fast|safe)\b"
    r"|(?:error|err|loss|rmse|mae|mse|rate)[a-z_ ]*[:=] ?-?[0-9]*[.,][0-9]"
)
MERE_WARNING = re.compile(
    r"(?:^|[ \t\[|(<{:=\"'-])(?:WARN|WARNING|INFO|DEBUG|NOTICE|TRACE|Warnung|AVERTISSEMENT)(?:[\] \t|)>}:,\"'-]|$)"
    r"|\"?(?:level|levelname|severity)\"?[:=] ?\"?(?:warn|warning|info|debug)\b|(?:Future|Deprecation|User|Runtime|Resource)Warning"
)
TRIED_AGAIN = LogPattern(
    "tried again",
    r"(?i)\bretr(?:y|ies|ying|ied)\b|\btry(?:ing)? again\b|\b(?:attempt|try|versuch|intento|tentativ[ea]|essai)\b[ #:]*[0-9]+"
    r"|\bbackoff\b|\bbacking off\b|erneut|wiederhol|r.{1,2}essa|reintent|de nuevo|nouvelle tentative|tentando novamente"
    r"|重试|重試|再試行|リトライ|повтор|재시도|再次尝试",
)
LAST_ATTEMPT = re.compile(r"(?i)\b(\d{1,4}) ?(?:/|of|von|de|sur|di|из|中)+ ?(\d{1,4})\b")
GAVE_UP = re.compile(
    r"(?i)\bgiv(?:ing|e) up\b|\bgave up\b|\bexhausted\b|\bno more (?:retries|attempts)\b|\bafter (?:\d+|all|several) (?:attempts|retries|tries)\b"
    r"|\btotal=0\b|\bretries exceeded\b(?!.*\bretry)|aufgegeben|gebe auf|endg.ltig|abandon|me rindo|desist|放弃|諦め|あきらめ|放棄"
)
EXCUSED = re.compile(
    r"(?i)\bfall(?:ing|s)? ?back\b|\bfallback\b|\boptional\b|\bnon-?(?:fatal|critical)\b|\bharmless\b"
    r"|\b(?:can|safe to|may) be ignored\b|\bsafe to ignore\b|\bignorier|\binstead\b|\bdefault(?:s|ing)? to\b"
    r"|\busing (?:the )?(?:default|cpu|slower)\b|ersatzweise|stattdessen|en su lugar|par d.faut|por defecto"
    r"|代わりに|改用|默认|вместо"
)
IN_THREAD = re.compile(
    r"Exception in thread |Task exception was never retrieved|Exception in callback|Unhandled exception in"
    r"|Future exception was never retrieved|Process [A-Za-z]*Process-\d+|exception calling callback"
)


class TroubleKind(StrEnum):
    """How the log told it, the firmest first."""

    TRACEBACK = "traceback"
    LEVEL = "level"
    EXCEPTION = "exception"
    HTTP = "http"
    WORDS = "words"


FIRMNESS = tuple(TroubleKind)


class Sequel(StrEnum):
    """What the log shows to have followed."""

    CARRIED_ON = "carried-on"
    """The program went on and did not come back to it."""
    RECOVERED = "recovered"
    """It was tried again, and no further failure of it was seen."""
    GAVE_UP = "gave-up"
    """It was tried again until the attempts ran out, and the program went on."""
    EXCUSED = "excused"
    """The program said that it has another way."""
    LAST_WORD = "last-word"
    """Nothing but the end of the log follows: the program may have died of it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One failure as the log tells it, echoes included. `line` to `last_line` is its place in the file."""

    kind: TroubleKind
    match: LogMatch
    last_line: int
    exception: str | None
    """The class of the exception, where one is named."""
    message: str
    """What it says of itself: the exception's text, else the line."""
    sequel: Sequel
    in_thread: bool
    """Raised in a thread, task or worker whose result nobody fetched."""
    attempts: int
    """How often it was seen to fail, retries included."""

    @property
    def at(self) -> datetime | None:
        """The time of the line, or of the last stamped line before it."""
        return self.match.at

    @property
    def text(self) -> str:
        """All its words, for looking up names of outputs in them."""
        return "\n".join((self.match.text, self.message, *(line.text for line in self.match.after)))


@dataclass(frozen=True, slots=True)
class Troubles:
    """The failures that the user's logs tell, in the order of the files and their lines."""

    derived_from: ClassVar[tuple[type, ...]] = (Logs,)
    watches: ClassVar[tuple[LogPattern, ...]] = (
        TRACEBACK,
        ERROR_LEVEL,
        EXCEPTION_NAMED,
        HTTP_STATUS,
        FAILURE_WORDS,
        TRIED_AGAIN,
    )

    all: tuple[Trouble, ...]
    logs: Logs

    @property
    def swallowed(self) -> tuple[Trouble, ...]:
        """Those that the program carried on from without another way, or gave up on."""
        return tuple(t for t in self.all if t.sequel in (Sequel.CARRIED_ON, Sequel.GAVE_UP))

    @property
    def firm(self) -> tuple[Trouble, ...]:
        """The swallowed ones that structure tells, and not prose alone."""
        return tuple(t for t in self.swallowed if t.kind is not TroubleKind.WORDS)

    @property
    def is_whole(self) -> bool:
        """Whether every user log was read whole: only then no trouble in the log is no trouble."""
        return (
            self.logs.part.is_complete
            and bool(self.logs.user_files)
            and all(f.is_whole for f in self.logs.user_files)
        )

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        logs = bundle.get(Logs)
        if isinstance(logs, Missing):
            return Missing("errors in the log", logs.reason, logs.remedy)
        found = [trouble for file in logs.user_files for trouble in _of_file(logs, file.path)]
        return cls(tuple(found), logs)


def _of_file(logs: Logs, path: str) -> Iterator[Trouble]:
    singles = [_single(kind, match) for kind, match in _hits(logs, path)]
    retries = sorted(m.line for m in logs.matches(TRIED_AGAIN).kept if m.path == path)
    lines = _known_lines(logs, path)
    for group in _episodes(singles, retries):
        yield _judged(group, retries, lines)


def _hits(logs: Logs, path: str) -> Iterator[tuple[TroubleKind, LogMatch]]:
    """Every line that tells trouble, once, by its firmest telling; noise and mere warnings left out."""
    firmest: dict[int, tuple[TroubleKind, LogMatch]] = {}
    patterns = (TRACEBACK, ERROR_LEVEL, EXCEPTION_NAMED, HTTP_STATUS, FAILURE_WORDS)
    for kind, pattern in zip(FIRMNESS, patterns, strict=True):
        for match in logs.matches(pattern).kept:
            if match.path == path and not _is_harmless(kind, match):
                firmest.setdefault(match.line, (kind, match))
    for line in sorted(firmest):
        yield firmest[line]


def _is_harmless(kind: TroubleKind, match: LogMatch) -> bool:
    """Noise, a mere warning, a count of zero; and the logging module's own complaint, which stops no program."""
    if is_noise(match.text) or any(is_noise(line.text) for line in match.before[-1:]):
        return True
    if kind is TroubleKind.TRACEBACK:
        return False
    return bool(NOT_FAILED.search(match.text) or MERE_WARNING.search(match.text))


def _single(kind: TroubleKind, match: LogMatch) -> Trouble:
    exception, message, last_line = (
        _traceback_end(match) if kind is TroubleKind.TRACEBACK else _one_line(match)
    )
    around = " ".join((*(line.text for line in match.before), match.text))
    return Trouble(
        kind=kind,
        match=match,
        last_line=last_line,
        exception=exception,
        message=message,
        sequel=Sequel.CARRIED_ON,
        in_thread=bool(IN_THREAD.search(around)),
        attempts=1,
    )


EXCEPTION_LINE = re.compile(r"^(?P<type>[A-Za-z_][\w.]*)(?::\s?(?P<message>.*))?$")
CHAINED = ("During handling of the above exception", "The above exception was the direct cause")


def _traceback_end(match: LogMatch) -> tuple[str | None, str, int]:
    """The exception that ends a traceback, with its place. Rank prefixes and one-line JSON tracebacks are undone."""
    prefix, _, rest = match.text.partition("Traceback (most recent call last)")
    if "\\n" in rest:
        last = rest.split("\\n")[-1 if rest.rstrip().endswith("\\n") is False else -2].strip(" \"'}")
        found = EXCEPTION_LINE.match(last)
        return (found["type"] if found else None), last, match.line
    exception, message, last_line = None, match.text, match.line
    for line in match.after:
        text = line.text.removeprefix(prefix) if prefix.strip() else line.text
        if text.startswith(CHAINED) or "Traceback (most recent call last)" in text or not text.strip():
            last_line = line.number
            continue
        if text.startswith((" ", "\t")):
            last_line = line.number
            continue
        found = EXCEPTION_LINE.match(text)
        if exception is not None or not found:
            break
        exception, message, last_line = found["type"], text, line.number
        if not any(
            later.text.startswith(CHAINED) for later in match.after if 0 < later.number - line.number <= 2
        ):
            break
        exception = None
    return exception, message, last_line


def _one_line(match: LogMatch) -> tuple[str | None, str, int]:
    named = re.search(r"\b([A-Za-z_.]*[A-Z][A-Za-z]+(?:Error|Exception|Timeout|Refused))\b", match.text)
    return (named[1] if named else None), match.text.strip(), match.line


def _episodes(singles: Sequence[Trouble], retries: Sequence[int]) -> Iterator[list[Trouble]]:
    """Lines that tell the same trouble: an error line and its traceback, the attempts of one retry loop."""
    group: list[Trouble] = []
    for trouble in singles:
        if group and not _belongs(group, trouble, retries):
            yield group
            group = []
        group.append(trouble)
    if group:
        yield group


def _belongs(group: Sequence[Trouble], trouble: Trouble, retries: Sequence[int]) -> bool:
    end = max(t.last_line for t in group)
    if trouble.match.line <= end + 2:
        return True
    near = trouble.match.line - end <= 40
    return near and any(group[0].match.line <= line <= trouble.last_line + 2 for line in retries)


def _judged(group: Sequence[Trouble], retries: Sequence[int], lines: Sequence[LogLine]) -> Trouble:
    """One trouble of a group: told by its firmest line, quoted at its first, judged by what follows its last."""
    told = min(group, key=lambda t: (FIRMNESS.index(t.kind), t.match.line))
    end = max(t.last_line for t in group)
    last = max(group, key=lambda t: t.last_line)
    named = next((t for t in reversed(group) if t.exception), told)
    return replace(
        told,
        last_line=end,
        exception=named.exception,
        message=named.message,
        in_thread=any(t.in_thread for t in group),
        attempts=max(1, sum(t.kind is told.kind for t in group)),
        sequel=_sequel(group, last, end, retries, lines),
    )


def _sequel(
    group: Sequence[Trouble], last: Trouble, end: int, retries: Sequence[int], lines: Sequence[LogLine]
) -> Sequel:
    words = " ".join(t.match.text for t in group) + " " + last.message
    following = [line.text for line in lines if end < line.number <= end + 2]
    if EXCUSED.search(" ".join((words, *following))):
        return Sequel.EXCUSED
    announced = [line for line in retries if last.match.line <= line <= end + 2]
    attempt = LAST_ATTEMPT.search(last.match.text)
    out_of_attempts = bool(attempt and announced and int(attempt[1]) >= int(attempt[2]))
    if GAVE_UP.search(last.match.text) or GAVE_UP.search(" ".join(following)) or out_of_attempts:
        return Sequel.GAVE_UP if _goes_on(end, lines) else Sequel.LAST_WORD
    if announced:
        return Sequel.RECOVERED if _goes_on(end + 1, lines) else Sequel.LAST_WORD
    return Sequel.CARRIED_ON if _goes_on(end, lines) else Sequel.LAST_WORD


def _goes_on(end: int, lines: Sequence[LogLine]) -> bool:
    return any(line.number > end and not is_noise(line.text) for line in lines)


def _known_lines(logs: Logs, path: str) -> list[LogLine]:
    """The lines of a file that were kept, in order: its head, its tail, and what stands around every match."""
    file = logs.file(path)
    kept = {line.number: line for line in (*(file.head if file else ()), *(file.tail if file else ()))}
    for pattern in Troubles.watches:
        for match in logs.matches(pattern).kept:
            if match.path == path:
                kept |= {line.number: line for line in match.after}
    return [kept[number] for number in sorted(kept)]
