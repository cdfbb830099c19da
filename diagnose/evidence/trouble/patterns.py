"""What failure looks like in a log, the firmest telling first, and what another attempt looks like.

Users phrase failure in a thousand ways. Structure is read before words: a traceback, a level field, an exception's
name, a status code. Words of failure in prose count as a hint only, and a rule must not conclude from them alone.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from diagnose.evidence.logs import LogPattern

TRACEBACK = LogPattern("python traceback", r"Traceback \(most recent call last\)", before=2, after=60)
CRASH = LogPattern(
    "crash of a program in another language",
    r"^panic: |^fatal error: |thread '[^']{1,30}' panicked at|terminate called after throwing|Segmentation fault|\(core dumped\)"
    r"|^Fatal Python error: |^make(?:\[[0-9]+\])?: \*\*\* |^Error in [A-Za-z_.][A-Za-z0-9_.:]*\(|^Execution halted"
    r"|: line [0-9]+: +[0-9]+ (?:Killed|Segmentation|Aborted|Bus error|Illegal)|^Aborted|^Killed$"
    r"|^upload failed: |Final Job Status: (?:Failed|CompletedWithErrors(?:AndSkipped)?|Cancelled)|^rsync error: |^Exception in thread \"",
    before=2,
    after=6,
)
ERROR_LEVEL = LogPattern(
    "line at error level",
    r"(?:^|[ \t\[|(<{:=/\"'-])(?:ERROR|CRITICAL|FATAL|SEVERE|FEHLER|ERREUR|ERRORE|ERRO|BŁĄD)(?:[\] \t|)>}:,=\"'-]|$)"
    r"|\b(?:level|levelname|severity|lvl)[\"']?[:=] ?[\"']?(?:error|critical|fatal|Error|Critical|Fatal|exception)\b"
    r"|^(?:Error|error|Fatal|fatal|Fehler|Erreur|Erro|Errore)(?: [a-z][^:]{0,30})?: "
    r"|^E[0-9]{4} [0-9:.]{8,15} "
    r"|^[^A-Za-z0-9]{0,3}(?:错误|錯誤|エラー|ошибка|Ошибка|ОШИБКА|오류)[\]:]"
    r"|[\[ |](?:错误|錯誤|エラー|ошибка|Ошибка|ОШИБКА|오류)[\]|:]",
    before=2,
    after=4,
)
EXCEPTION_NAMED = LogPattern(
    "exception named",
    r"\b[A-Za-z_.]*[A-Z][A-Za-z]{1,40}(?:Error|Exception|Timeout|Refused|Interrupt)\b ?[:(\[{]"
    # What the operating system answered, however the program words the rest of the line: Python, Rust, the C library.
    r"|\[Errno -?[0-9]{1,5}\]|\[WinError [0-9]{1,5}\]|\(os error [0-9]{1,3}\)|\bNo space left on device|\bDisk quota exceeded",
    before=2,
    after=4,
)
HTTP_STATUS = LogPattern(
    "http failure",
    r"(?i)(?:\bhttp(?:/[0-9.]+)?|\bstatus(?:[ _]?code)?|\bresponse(?:[ _]code)?|<response|\berror code)"
    r"[ :=\[\"'a-z]{0,20}\b[45][0-9][0-9](?:[^0-9.,%/]|$)"
    # An access line: the method, the path, and after an arrow, a quote or a colon the answer.
    r"|\b(?:GET|POST|PUT|PATCH|DELETE) [^ ]{1,100}(?: HTTP/[0-9.]{1,3})?[\")]? ?(?:->|=>|:|=|-|\") ?[45][0-9][0-9](?:[^0-9.,%/]|$)"
    # The number and its reason phrase.
    # The body of an answer: an error that is an object of its own.
    r"|[\"']error[\"']: ?\{ ?[\"'](?:code|message|status|type)[\"']:"
    r"|\b(?:400 Bad Request|401 Unauthorized|403 Forbidden|404 Not Found|409 Conflict|413 |422 Unprocess|429 Too Many|500 Internal|502 Bad Gateway|503 Service|504 Gateway)",
    before=2,
    after=4,
)
CHILD_CODE = LogPattern(
    "exit code of a child",
    r"(?i)\b(?:exited|exit|returned|terminated|ended|finished|failed|died|quit|crashed)\b[^0-9]{0,16}\b(?:code|rc|exit status|non-zero exit status)\b[ :=#]{0,3}[1-9]"
    r"|\b(?:returncode|return code|exit[ _-]?code|exit status|r.{1,2}ckgabewert|code (?:de )?(?:retour|sortie)|c.{1,2}digo de (?:salida|sa.{1,2}da)|codice di uscita|kod wyj.{1,2}cia)"
    r"[\"']?(?: was| war| is| de| di)?[ :=]{1,4}[1-9]"
    r"|(?:код возврата|код выхода|退出码|退出碼|終了コード|종료 코드)[ :=：]{0,4}[1-9]",
    before=2,
    after=4,
)
FAILURE_WORDS = LogPattern(
    "words of failure",
    r"(?i)\bfail(?:ed|ure|s)?\b|\bcould(?: not|n't)\b|\bcan(?:not|'t)\b|\bunable to\b|\bgiv(?:ing|e) up\b|\bgave up\b"
    r"|\baborted\b|\btimed out\b|\brefused\b|\b(?:retries|attempts|tries) (?:\w+ )?exhausted\b|\bnot (?:written|saved|stored|registered|uploaded)\b"
    r"|fehlgeschlagen|konnten? nicht|kann nicht|nicht m.{1,2}glich|gescheitert|abgebrochen"
    r"|.{1,2}chec\b|.{1,2}chou|impossible d|n'a pas pu|abandonn"
    r"|fall(?:o|.{2})\b|error al |no se (?:pud|pued|ha podido|han podido)|imposible|n.{1,2}o foi poss|non riuscit|impossibile"
    r"|nie uda|nie mo|awaria|mislukt|kon niet|virhe|ep.onnistui"
    r"|失败|失敗|できません|できなかった|不能|无法|無法|超时|не удалось|Не удалось|сбой|Сбой|실패",
    before=2,
    after=4,
)
TRIED_AGAIN = LogPattern(
    "tried again",
    r"(?i)\bretr(?:y|ies|ying|ied)\b|\btry(?:ing)? again\b|\b(?:attempt|try|versuch|intento|tentativ[ea]|essai|pr.{1,2}ba)\b[\"' #:=]*[0-9]+"
    r"|\bbackoff\b|\bbacking off\b|\bagain\b|\berneut|\bwiederhole\b|wird wiederholt|\bwait(?:ing)? (?:for|until) [^.]{0,20}(?:server|service|ready|connection|database|sidecar|port|host|network|api)|\bnot ready\b|\brestart(?:ing|ed)\b|neu gestartet|\breinici|\br(?:é|e|.{2})essa(?:y|i)|\breintent|\bde nuevo\b|nouvelle tentative|tentando novamente|\bponawia"
    r"|\b[1-9][0-9]{0,3} (?:more )?(?:attempts?|tries|retries|versuche?|essais?|intentos?|tentativ[aei]s?) (?:left|remain|.brig|restant|restante)"
    r"|重试|重試|再試行|リトライ|повтор|재시도|再次尝试",
)


class TroubleKind(StrEnum):
    """How the log told it, the firmest first."""

    TRACEBACK = "traceback"
    CRASH = "crash"
    LEVEL = "level"
    EXCEPTION = "exception"
    HTTP = "http"
    CHILD = "child"
    """The exit code of a program that it started."""
    WORDS = "words"


TELLING: Final[Mapping[TroubleKind, LogPattern]] = MappingProxyType(
    {
        TroubleKind.TRACEBACK: TRACEBACK,
        TroubleKind.CRASH: CRASH,
        TroubleKind.LEVEL: ERROR_LEVEL,
        TroubleKind.EXCEPTION: EXCEPTION_NAMED,
        TroubleKind.HTTP: HTTP_STATUS,
        TroubleKind.CHILD: CHILD_CODE,
        TroubleKind.WORDS: FAILURE_WORDS,
    }
)
"""The lines that tell each kind, the firmest first."""
FIRMNESS: Final = tuple(TELLING)
