"""What only looks like failure: mere warnings, figures, quotations, questions, and noise of healthy runs."""

import re

from diagnose.evidence.logs import LogMatch
from diagnose.evidence.noise import heads_noise, is_noise
from diagnose.evidence.trouble.excuses import EXCUSED
from diagnose.evidence.trouble.patterns import EXCEPTION_NAMED, FAILURE_WORDS, TroubleKind
from diagnose.evidence.trouble.quoting import said

MERE_WARNING = re.compile(
    r"(?:^|[ \t\[|(<{:=\"'-])(?:WARN|WARNING|INFO|DEBUG|NOTICE|TRACE|Warnung|AVERTISSEMENT)(?:[\] \t|)>}:,\"'-]|$)"
    # One letter for the level, as some libraries write it before the date.
    r"|^\[?[WID] ?\d{4}(?:\d{4}|[-/]\d\d[-/]\d\d)?[ T]|\b(?:level|levelname|severity)[\"']?[:=] ?[\"']?(?:warn|warning|info|debug)\b|(?:Future|Deprecation|User|Runtime|Resource)Warning"
)
OF_THE_WEB = re.compile(
    r"(?i)https?\b|\burl\b|request|server\b|client|\bapi\b|endpoint|status|response|error code|\b(?:GET|POST|PUT|PATCH|DELETE) "
    r"|[\"']error[\"']: ?\{|: [45]\d\d [A-Z][a-z]+(?: [A-Z][a-z]+)*\W*$"
)
"""What a failed request is told with; a number and its phrase alone may be talk about it."""
NOT_A_STATUS = re.compile(
    r"(?i)\b[45]\d\d (?:rows?|images?|ms|s|sec\w*|items?|tokens?|bytes|[kmg]i?b|of|records?|files?|samples?|steps?|epochs?|questions?|documents?|points?|users?|times|x)\b"
)
NOT_FAILED = re.compile(
    r"(?i)\b(?:0|no|zero|without|keine?|sin|aucune?|sans|bez|nessun\w*|nenhum\w*|sem|geen) (?:\w+ )?(?:errors?|fail\w*|fehler|errores|erreurs?|b..d\w*|errori|erros?|fouten)\b"
    r"|\b(?:errors?|fail(?:ed|ures?|s)?|fehler)\b[ \"']*[:=][ \"']*(?:0(?![.,]?\d)|none|false|\[\])"
    r"|\b(?:if|in case|when|should) (?:\w+ ){0,3}(?:fails?|errors?)\b|\bfail(?:s|ed)?[ -]?(?:over|fast|safe)\b"
    r"|(?:errors?|err|loss|rmse|mae|mse|rate|share|ratio|count|fehler\w*|erreur|erro|errore|b..d|ошибк\w+|错误|錯誤|誤差|エラー|오류|오차|率|율)"
    r"[^:=：≈]{0,40}[:=：≈] ?-?[0-9]*[.,]?[0-9]+(?:e-?\d+)? ?%?\s*$"
)
SYSTEM_ERROR = re.compile(
    r"\[Errno -?\d+\]|\[WinError \d+\]|\(os error \d+\)|No space left on device|Disk quota exceeded"
)


def is_only_warned_of(text: str) -> bool:
    """Whether a warning tells what the operating system refused, or that a library's own attempts ran out.

    That is less than an error, and more than nothing.
    """
    return bool(MERE_WARNING.search(text)) and bool(SYSTEM_ERROR.search(said(text)) or RAN_OUT.search(text))


RAN_OUT = re.compile(
    r"Max retries exceeded .{0,300}\(Caused by ResponseError\([\"']too many \d{3} error responses"
)
"""What urllib3 raises after every attempt that it was told to make; for a single one it has other words."""


METRIC_ERROR = re.compile(
    r"\b(?:\w*(?:Mean|Squared|Absolute|Percentage|Log|Reconstruction|Validation|Training|Test|Standard|Root|Median|Max|Prediction|Quadratic)\w*Error)\b"
)
"""Metrics that are called errors, as classes of libraries are named."""
COUNT = re.compile(
    r"[\w\s'’]{0,24}(?:[:：=]|\.{2,40})?\s*-?\d+(?:[.,]\d+)?(?:e-?\d+)?\s*(?:%|\w{1,3}(?!\w))?\s*(?:[,，;。)|\s].*)?$"
)
NONE_OF = re.compile(r"(?<![\d.,:])0 ?$")
"""A zero right before the words counts none of it, whatever the language: `0 failed`."""
UNSENT = re.compile(
    r"Failed to log run data: Exception: |Failed to submit batch for logging: |Exception inside the run data logging thread"
)
"""MLflow's asynchronous queue on a batch that it dropped: lost metrics, of which a rule of their own speaks."""
FRAME = re.compile(
    r"\s*at [\w.$/<>]+\(|\s*(?:except|catch|raise|throws?)\b[ (]*[A-Z][\w.]*(?:Error|Exception)\b"
)
"""A frame of a Java or JavaScript stack, or a line of code: part of a failure that was told before, or talk of one."""
FIGURES = re.compile(r"(?:\b[^\W\d]\w* [-+]?\d+(?:\.\d+)?%?(?:[,;|] ?|\s*$)){3,}")
"""Words with a figure each, in a row: a table of what was counted."""
WORD = re.compile(r"[^\W\d_]{2,}")
LEVEL_WORD = re.compile(
    r"(?i)\b(?:error|critical|fatal|severe|fehler|erreur|errore|erro|exception)\b|BŁĄD|错误|錯誤|エラー|ошибка|오류"
)
IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{4,}")


def is_harmless(kind: TroubleKind, match: LogMatch) -> bool:  # noqa: PLR0911  (a list of reasons)
    """Noise, a mere warning, a figure, a count of zero, a quotation; the logging module's own complaint, too."""
    header = next((line.text for line in reversed(match.before)), "")
    above = header if header.strip() else "".join(line.text for line in match.before[-2:])
    if is_noise(match.text) or UNSENT.search(match.text):
        return True
    if heads_noise(above) and kind in (TroubleKind.TRACEBACK, TroubleKind.EXCEPTION):
        return True
    if kind is TroubleKind.TRACEBACK:
        return "Traceback (most recent call last)" not in said(match.text) or _is_mere_record(header)
    text = said(match.text)
    if kind in (TroubleKind.CRASH, TroubleKind.CHILD):
        return not (
            _is_failing_code(text) if kind is TroubleKind.CHILD else re.search(match.pattern.regex, text)
        )
    below = FRAME.match(text) or _is_stack_below_warning(match, header)
    if below or (kind is TroubleKind.WORDS and _is_count(text)):
        return True
    if text.rstrip().endswith("?") or FIGURES.search(text) or (text.isupper() and ":" not in text):
        return True  # a question, a heading
    lightly = MERE_WARNING.search(match.text) and not (
        kind is TroubleKind.EXCEPTION and is_only_warned_of(match.text)
    )
    if NOT_FAILED.search(text) or lightly or not re.search(match.pattern.regex, text):
        return True
    if kind is TroubleKind.HTTP:
        return bool(NOT_A_STATUS.search(text)) or not OF_THE_WEB.search(text)
    if kind is TroubleKind.EXCEPTION:
        return bool(METRIC_ERROR.search(text))
    return kind is TroubleKind.LEVEL and not _has_message(match)


EXIT_CODE = re.compile(
    r"(?i)(?:code|rc|status|returncode|wert|retour|sortie|salida|sa[ií]da|uscita|wyj.cia|возврата|выхода|退出码|退出碼|終了コード|코드)[\"']?"
    r"(?: was| war| is| de| di)?[ :=：#]{0,4}(\d{1,10})\b"
)
ANSWERING = re.compile(
    r"(?i)\b(?:e?grep|diff|cmp|test|pgrep|which|expr|kill|expected|as intended|ignored|no match(?:es)?|signal|sigterm)\b|\bhttp|wrapper cmd|\?$"
)
"""Programs whose code 1 is an answer, words of a failure that was meant to be, and what the v1 runtime says of the run itself."""


def _is_failing_code(text: str) -> bool:
    """Whether a line gives the exit code of a failure: 1 to 127, or by a signal that is no request to end.

    The statuses of a web service that are below 256 are those of its successes.
    """
    codes = [int(code) for code in EXIT_CODE.findall(text)]
    ends = (130, 143)
    return any(0 < c < 200 and c not in ends for c in codes) and not ANSWERING.search(text)


def _is_mere_record(header: str) -> bool:
    """Whether the line before a traceback is the record that carries it, and takes it lightly.

    A record of progress that happens to stand there carries nothing.
    """
    if not MERE_WARNING.search(header) or header.startswith((" ", "\t")):
        return False
    about = (
        FAILURE_WORDS.regex,
        EXCEPTION_NAMED.regex,
        EXCUSED.pattern,
        r"(?i)\bexcept|\berror\b|\bmissing\b|\bnot found\b|\bDEBUG\b",
    )
    return any(re.search(expression, header) for expression in about)


def _is_stack_below_warning(match: LogMatch, header: str) -> bool:
    """Whether a record that only warns carries the stack of a Java program right below it."""
    frames = match.after and match.after[0].text.startswith("\tat ")
    return bool(frames and HEADED.match(match.text) and MERE_WARNING.search(header))


HEADED = re.compile(r"(?:[a-z]\w*\.)+[A-Z]\w*(?::|$)")
"""The full name of a Java class at the beginning of the line."""


def _is_count(text: str) -> bool:
    """Whether the words of failure are a label and a figure follows: `failed: 0`, in whatever language."""
    told = re.search(FAILURE_WORDS.regex, text)
    return (
        told is not None
        and bool(COUNT.match(text[told.end() :]) or NONE_OF.search(text[: told.start()]))
        and not re.search(EXCEPTION_NAMED.regex, text)
    )


def _has_message(match: LogMatch) -> bool:
    """Whether words follow the level: a label with a figure behind it, or a row of a table, tells of no failure."""
    if match.text.lstrip().startswith("{"):
        return True
    level = LEVEL_WORD.search(match.text)
    rest = match.text[level.end() :] if level else match.text
    if match.text.lower().startswith("error ") or (level and level.start() == 0):
        rest = re.split(r"[:：]", rest, maxsplit=1)[-1]
    if re.match(r"-\w", rest):
        return False  # a compound: error-rate, error-bars
    if re.match(r"[\W_]*\d", rest):
        # A figure first: a count under a label, unless words of failure follow.
        return bool(re.search(FAILURE_WORDS.regex, rest) or re.search(EXCEPTION_NAMED.regex, rest))
    words = [word for word in WORD.findall(rest) if not LEVEL_WORD.fullmatch(word)]
    return len(words) >= 2 or bool(
        IDEOGRAPHS.search(rest) or re.search(r"[\w.]+(?:Error|Exception)\b|/\w+", rest)
    )
