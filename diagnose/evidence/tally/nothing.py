"""Whether a line says that there was nothing to work on: no sample, no row, no file."""

import re
from collections.abc import Iterable

from diagnose.evidence.tally.patterns import ITEMS

_NOUN = rf"(?P<noun>(?:{ITEMS})\w*)"
_ZERO_FIRST = re.compile(rf"(?i)(?<![\w.,:/=-])0 ?(?:[^\W\d]+ ){{0,2}}?{_NOUN}")
_ZERO_LAST = re.compile(
    rf"(?i){_NOUN}[\"')]* ?[:=：] ?0(?![\d%/]|[.,]\d)"
    rf"|(?P<size>\b(?:train\w*|data\w*|sample|input|corpus)[ _-]?(?:set)?[ _-]?(?:size|length|count|shape)|\bnum_(?:train\w*|data\w*|{ITEMS})\w*|\blen\((?:train|data|{ITEMS})\w*\)"
    rf"|\b(?:Anzahl|nombre d['’e]|n[uú]mero d[eio]) ?(?:{ITEMS})\w*)[\"')]* ?[:=：]? ?\(?0(?![\d%/]|\.\d)"
)
_SOME = re.compile(
    rf"(?i)(?<![\w.,:/-])[1-9][\d.,']* ?(?:[^\W\d]+ ){{0,2}}?{_NOUN}|(?P<label>(?:{ITEMS})\w*)[\"')]* ?[:=：] ?[1-9]"
)
_WORKED_ON = re.compile(
    r"(?i)\b(?:load|read|found|find|got|us(?:e|ing)\b|train|fit|scor|process|predict|start|collect|scan|match|wrote|writ|saved|saving|stor|export|creat|generat|dataset|after|from|with|num|size|total|selec|select|keep|kept|chos|pick|query|return|fetch|download|extract|pars|index|embed|encod|convert|copied|sent\b|label"
    r"|ausgew|behalten|übrig|bleib|sélec|reten|gard[eé]|restant|quedan|restam|restan|selez|riman|wybran|pozosta|geselect|over\b"
    r"|gefunden|gelesen|geladen|lese|lade|geschrieb|verarbeit|trainier|training|mit\b|nach\b|trouv|charg|\blue?s?\b|écrit|trait|entra|avec|encontr|carg|leíd|escrit|proces|con\b|com\b|carreg|lid[oa]s|trovat|caricat|lett[ie]|scritt"
    r"|znalezion|wczytan|zapisan|przetworz|gevonden|gelezen|geladen)|выбран|отобран|остал|选|保留|選択|抽出|선택|추출|найден|прочит|загруж|обработ|записан|加载|读取|找到|讀取|訓練|训练|読み込|見つか|書き|로드|발견|읽"
)
_UNWANTED = re.compile(
    r"(?i)error|fail|miss|null|\bnan|duplic|drop|remov|filtered|reject|skip|anomal|outlier|invalid|corrupt|\bbad|broken|warn|defect|violat|conflict|mismatch|delet|clean|expir|stale|unused|orphan"
    r"|quarantin|evict|lost|ignor|\bnew\b|chang|updat|modif|pending|remain|\bleft\b|queue|padd|unknown|empty|late\b|behind|leak|more\b|other|extra|additional|worker|\brank|shard|device|gpu|\bper\b|/s\b|cache|retr|timeout|augment|discard|truncat|wait|\bneed|\bto (?:copy|do|move)|so far|idle|frozen|\?"
    r"|fehl|leer|doppel|verworf|entfern|gefiltert|gelöscht|ungült|manqu|erron|vide|suppr|doublon|invalide|fallid|falt|vac[ií]|elimin|duplicad|inv[aá]lid|descart|erro|falh|remov|brak|błęd|pust|odrzuc|usuni"
    r"|ошиб|пропу|удал|пуст|错误|失败|缺失|异常|跳过|删除|重复|无效|エラー|失敗|欠損|異常|削除|重複|오류|실패|결측|중복|삭제"
    r"|\b(?:val|valid|validation|test|eval|dev|holdout|hold-out|oov)\b|\bzero\b|\bwithout\b"
)
_LEFT_AFTER = re.compile(r"(?i)\b(?:after|nach|après|después de|tras|dopo|após|po)\b.*|过滤后|フィルタ後")
_PLACES = re.compile(
    r"\d{4}-\d\d(?:-\d\d)?(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?Z?)?|\d\d/\d\d/\d{2,4}|\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?|\S*/\S+|\[[^\]]*\]"
)
"""Times, paths and prefixes: the numbers in them count nothing."""
_SOMETHING = re.compile(r"(?<![\w.:,-])[1-9]\d*(?![\w:.-]|,\d)")
"""Another count in the same line: then it is not of nothing that the line tells."""
_UNDER_WAY = re.compile(r"(?i)\bwait|so far|\w/s\b|\?")
"""Nothing yet."""
_PIECES = re.compile(r"[;|，；、]|,(?!\d)|\s[-–—]\s")


def is_nothing(text: str, some: frozenset[str]) -> bool:
    """Whether one piece of the line counts none of what is worked on. `some`: the nouns that are counted elsewhere."""
    return any(_says_none(piece, text, some) for piece in _PIECES.split(text))


def _says_none(piece: str, whole: str, some: frozenset[str]) -> bool:
    found = _ZERO_FIRST.search(piece) or _ZERO_LAST.search(piece)
    if found is None or _UNWANTED.search(_LEFT_AFTER.sub("", piece)):
        return False
    noun = found["noun"]
    if noun is None:
        return True
    if _UNDER_WAY.search(whole) or _SOMETHING.search(_PLACES.sub("", whole)):
        return False
    # `image 0` is a name; `0 images`, `images: 0` and what stands beside a verb of work are counts.
    return _stem(noun) not in some and bool(_WORKED_ON.search(whole))


def is_unwanted(text: str) -> bool:
    """Whether what is counted is better not there, or is no part of the work: errors, gaps, a validation set."""
    return bool(_UNWANTED.search(_PLACES.sub("", text)))


def figures_in(text: str) -> frozenset[int]:
    """The whole numbers above 0 of a line that count something: not those of times, paths and `3/10`."""
    return frozenset(int(found[0]) for found in _SOMETHING.finditer(_PLACES.sub("", text)))


def nouns_with_some(lines: Iterable[str]) -> frozenset[str]:
    """The stems of what the lines count at least one of."""
    found = (match for text in lines for match in _SOME.finditer(text))
    return frozenset(_stem(match["noun"] or match["label"]) for match in found)


def _stem(noun: str) -> str:
    """Enough of a word that its singular and its plural are one."""
    return noun.lower()[:5].rstrip("s")


_WORKED_THROUGH = re.compile(
    r"(?i)(?:scor|check|scann|process|compar|analys|examin|inspect|classif|geprüft|verglich|verarbeitet|vérifi|compar|trait|revis|analiz|proces|verific|elabor|sprawdz|провер|обработ|检查|处理|確認|処理|검사|처리)"
)
_WRITTEN_TO = re.compile(r"(?i)[\w-]\.(?:csv|tsv|txt|jsonl?|parquet|xlsx|feather)\b")


def is_an_answer(text: str, lines: Iterable[str]) -> bool:
    """Whether the line tells of a file without content, beside one that counts what was worked through: it was an answer."""
    return bool(_WRITTEN_TO.search(text)) and any(
        _WORKED_THROUGH.search(line)
        and _SOMETHING.search(_PLACES.sub("", line))
        and not _WRITTEN_TO.search(line)
        and not _UNWANTED.search(line)
        for line in lines
    )
