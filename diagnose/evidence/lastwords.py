"""Whether a line speaks of an end, in one of many languages: a hint and no more, and often only a look of one."""

import re

FINISHED = re.compile(
    r"(?i)\b(?:done|finished|completed?|success(?:ful|fully)?|all good|bye|goodbye|exiting|shutting down)\b"
    r"|\b(?:fertig|beendet|abgeschlossen|erfolgreich|ende)\b|\bfini\b|\btermin(?:ad[oa]|at[oaie]\b|[^\sA-Za-z.,:;]{1,2})"
    r"|achev|\br(?:e|[^\sA-Za-z]{1,2})ussi|\b(?:completad|finalizad|acabad|conclu.{1,2}d|finito|completato|feito|pronto|listo)"
    r"|(?:e|[^\sA-Za-z]{1,2})xito\b|完成|完了|終了|结束|結束|成功|готово|заверш|успешно|완료|종료",
)
ASIDE = re.compile(
    r"(?:^|[\s\[|(<{:=\"'-])(?:DEBUG|TRACE|VERBOSE|FINE|FINER|FINEST)(?=[\]\s|)>}:,\"'-]|$)"
    r"|(?i:\b(?:level|levelname|severity)[\"']?[:=] ?[\"']?(?:debug|trace))"
)
"""What is said at a level for those who look for faults is no statement of the program."""
OTHER_CODE = re.compile(
    r"(?i)\b(?:code|status|rc|signal|exit(?:ed|ing)?|ret(?:urn(?:ed|s)?)?)\b[ '\"=:(]{0,4}-?(?!0|2\d\d\b)[0-9]{1,10}\b"
)
"""A code that is not zero, other than an answer of the web that says yes."""
NEGATED = re.compile(
    r"(?i)(?:\b(?:not|never|cannot|without|un(?:able|likely) to|failed to|fails to|before|until|if|when|once|unless"
    r"|nicht|kein\w*|niemals|pas|sans|jamais|no|n[aã]o|sin|sem|nunca|non|senza|nie|bez)|n['’]t|\b(?:не|без|ещё не|еще не))"
    r"(?:\s+\w+){0,2}\s+$|(?:未|没有|沒有|尚未|不)\s*$"
)
"""Right before the word."""
DENIED = re.compile(r"^(?:し|し?てい)?(?:ない|ません)|^(?:하지|되지)\s*않|^\s*(?:nicht|pas)\b")
"""Right after the word."""
COUNTED = re.compile(r"(?<![\w./-])(?!100(?:[.,]0+)?\s*%)[0-9](?:[0-9.,]*[0-9])?\s*%?\s*$")
"""A number right before the word, or a share: how many are done, not that it is."""
NONE_OF_IT = re.compile(r"^\s*[:=]?\s*0(?![\w.,%/-]*[0-9])")
"""A count of zero right after the word."""


def says_end(text: str) -> bool:
    """Whether a line holds a word of an end that is not negated, counted, said aside or beside a failing code."""
    if ASIDE.search(text) or OTHER_CODE.search(text):
        return False
    return any(_stands(text, found) for found in FINISHED.finditer(text))


def _stands(text: str, found: re.Match[str]) -> bool:
    before, after = text[: found.start()], text[found.end() :]
    said_not = NEGATED.search(before) or DENIED.match(after)
    return not (said_not or COUNTED.search(before) or NONE_OF_IT.match(after))
