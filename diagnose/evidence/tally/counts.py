"""The counts of one line: whole numbers, each with what its label says was counted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from diagnose.evidence.tally.patterns import ITEMS


class Label(StrEnum):
    """What a number counts."""

    FAILED = "failed"
    WRONG = "wrong"
    """Errors: of the work, or of a model."""
    SKIPPED = "skipped"
    DONE = "done"
    ITEMS = "items"


@dataclass(frozen=True, slots=True)
class Count:
    """A number, what it counts, and of how many, where that is said."""

    label: Label
    number: int
    total: int | None


_DONE = (
    r"process|succe|\bok\W?\s*[:=]|\bdone\b|writ|complet|finish|upload|saved|stored|handled|\bused\b|convert|index|export|import|sent\b|scored"
    r"|verarbeit|erfolg|geschrieb|verwend|gespeich|hochgel|trait|réussi|utilis|écrit|proces|éxito|exito|escrit|guardad|usad|elaborat"
    r"|riuscit|scritt|usat|sucesso|gravad|verwerkt|gelukt|przetworz|uda(?:ne|ło)|zapisan|обработ|успе|готов|处理|成功|完成|処理|完了|완료|성공|처리"
)
_STEMS = (
    (
        Label.FAILED,
        r"fail|fehlgeschl|fehlerhaft|gescheitert|.chou|.checs?\b|fallid|fallos|falh|falliti|mislukt|nieuda|не удал|неудач|失败|失敗|실패",
    ),
    (
        Label.SKIPPED,
        r"skip|.bersprung|ausgelass|ignor[eéa]|saut[eé]|omitid|omess|pulad|saltat|overgeslagen|pomini|пропущ|跳过|スキップ|건너",
    ),
    (Label.WRONG, r"error|fehler|erreur|errores|erros?\b|errori|b..d|ошиб|错误|錯誤|エラー|오류"),
    (Label.DONE, _DONE),
    (
        Label.ITEMS,
        rf"\b(?:total|insgesamt|gesamt|en tout|razem|всего|总|合計|전체)|{ITEMS}|\btasks?\b|\bjobs?\b|\brequests?\b",
    ),
)
_LABELS = tuple((label, re.compile(f"(?i){stems}")) for label, stems in _STEMS)
_NUMBER = re.compile(
    r"(?<![\w.,:/-])(\d{1,3}(?:[,'  ]\d{3})+|\d{1,12})(?:\s*(?:/|\b(?:of|out of|von|de|sur|di|van|из)\b)\s*(\d{1,12}))?(?![\w%]|[.,:/-]\d| ?%)"
    r"|(?<=[：:=])\s*(\d{1,12})(?![\w%.])|(\d{1,12}) ?(?=[个個条條件枚행개건])"
)
_STAMP = re.compile(r"⟦[^⟦⟧]{0,80}⟧|\d{4}-\d\d-\d\d|\d{1,4}/\d\d/\d{1,4}|\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?Z?")
_BEFORE_A_KEY = re.compile(r"(?<=\d)\s(?=[\"']?[^\W\d][\w-]*[\"']? ?[:=：] ?\d)")
_BETWEEN = re.compile(r"[,;|，；、(){}\[\]]|\s[-–—]\s|\.\s|\s(?:and|und|et|y|e|i|en|и)\s")
_WITHOUT = re.compile(
    r"(?i)\b(?:no|non|without|ohne|sans|sin|sem|senza|bez|без)[ -](?:fail|fehl|err|.chec|fall|falh)\w* +\d"
)
"""Those that did not fail."""
_WORDS = 8
"""A label is short: what has more words around its number is a sentence about something else."""


def counts_in(text: str) -> Iterator[Count]:
    """The counts of a line, from left to right. Shares, decimals, times and ids are none."""
    thousands = re.sub(r"(?<=\d)[,'](?=\d{3}\b)", "", _STAMP.sub(" | ", text))
    for piece in _BETWEEN.split(_BEFORE_A_KEY.sub(" | ", thousands)):
        found = list(_NUMBER.finditer(piece))
        if len(found) != 1 or len(piece.split()) > _WORDS or _WITHOUT.search(piece):
            continue
        first, total, *others = found[0].groups()
        label = next((label for label, stems in _LABELS if stems.search(piece)), None)
        number = first or next((other for other in others if other), None)
        if label and number:
            yield Count(label, int(number), int(total) if total else None)


_ON_PURPOSE = re.compile(
    r"(?i)filter|dedup|duplicat|cache|already|exist|resum|unchanged|up[- ]to[- ]date|quarantin|threshold|too (?:short|long|small|few)|expected|injected"
    r"|pruned|optional|\bclass|label[^\W_]*[ =:]|target|predict|probab|accura|precision|recall|confus|by design|on purpose|not (?:due|needed|required|modified)|excluded|ineligible"
    r"|\b(?:test|val|valid|validation|eval|train|dev|cv)\b|without fail|\bretr|\battempt|warm-?up|overflow|reservoir|x(?:fail|pass)|passed"
    r"|bereits|\bschon\b|\bya\b|vorhanden|doppelt|gefiltert|unverändert|déjà|existant|doublon|ya exist|duplicad|filtrad|já exist|già|duplicat|już|istniej|уже|дубл|已存在|重复|重複|既存|過滤|过滤|이미"
)


def is_on_purpose(text: str) -> bool:
    """Whether what is left out was meant to be, or what is counted belongs to the data and not to the work."""
    return bool(_ON_PURPOSE.search(text))
