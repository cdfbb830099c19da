"""The files that the user's log names, by the shape of the line: what one statement says of many is told alike."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.logs import LogMatch, LogPattern, Logs

SUFFIXES = (
    "parquet|csv|tsv|jsonl?|npz|npy|pth?|ckpt|h5|hdf5|pkl|pickle|joblib|onnx|safetensors|zip|tar|tgz|gz|zst|feather"
    "|arrow|orc|avro|png|pdf|html|sqlite|bin|keras|xlsx"
)
# One branch begins with more than the dot: without a dot common to all, each is a text that a line is searched for.
NAMED = LogPattern(
    "a file is named", rf"(?:\.{SUFFIXES.replace('|', '|' + chr(92) + '.')}|\S\.db)(?:[^A-Za-z0-9_/]|$)"
)
PATH = re.compile(rf"""[^\s"'`<>|*?,;()\[\]{{}}=]{{1,300}}\.(?:{SUFFIXES}|db)(?![\w/]|\.\w)""")

# Stems of words for what is done when a file is written. A language that is not here is known by its lines' shape.
WRITTEN = re.compile(
    r"(?i)\b(?:wrote|writ(?:ten|ing)|sav(?:ed|ing)|export(?:ed|ing)|stored|dumped|persisted"
    r"|geschrieben|gespeichert|exportiert|abgelegt|écrit|enregistr|sauvegard|guardad|exporté|escrit|grabad|gravad|salv[oa]|salvat|scritt"
    r"|exportad|esportat|geschreven|opgeslagen|weggeschreven|zapisan|uložen|записан|сохран|выгруж|kaydedil|yazıldı|sparad"
    r"|mentve|kiírva|đã lưu|đã ghi|disimpan)|保存|写入|导出|書き込|書き出|저장"
)
DENIED = re.compile(
    r"(?i)\b(?:fail|error|err\b|cannot|can't|could|unable|skip|load|read|restor|resum|missing|konnte|imposs|fehl|échou|échec|erro)|n't\b"
    r"|\b(?:not|no|never|found|exists?|will|would|going|if|nicht|keine?|wird|werden|pas|sera|ne|não|será|nie|не|будет|niet|inte)\b"
    r"|未|没|失败|ない|않"
)
REMOVED = re.compile(
    r"(?i)\b(?:remov|delet|prun|unlink|evict|rotat|clean|discard|drop|renam|mov(?:ed|ing)|gelöscht|entfernt|verschoben|supprim|effac"
    r"|elimin|borra|apag|rimoss|cancellat|verwijderd|usunię|удал|перемещ)|删除|削除|삭제"
)


@dataclass(frozen=True, slots=True)
class Announcement:
    """One file that one line names."""

    match: LogMatch
    path: str
    shape: str
    """The line without the file's name and without numbers: lines of one statement share it."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def says_written(self) -> bool:
        """Whether words of the line say that it was written, and none takes that back."""
        return bool(WRITTEN.search(self.around)) and not self.takes_back

    @property
    def takes_back(self) -> bool:
        """Whether words of the line deny it, speak of reading, or say that the file was removed."""
        return bool(DENIED.search(self.around)) or self.says_removed

    @property
    def says_removed(self) -> bool:
        """Whether words of the line say that it was removed, or given another name."""
        return bool(REMOVED.search(self.around))

    @property
    def around(self) -> str:
        """The line without the path."""
        return self.match.text.replace(self.path, " ")


@dataclass(frozen=True, slots=True)
class Announced:
    """Every file that the user's logs name in the lines that were kept, in their order."""

    derived_from: ClassVar[tuple[type, ...]] = (Logs,)
    watches: ClassVar[tuple[LogPattern, ...]] = (NAMED,)

    all: tuple[Announcement, ...]

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        logs = bundle.get(Logs)
        if isinstance(logs, Missing):
            return Missing("files that the log names", logs.reason, logs.remedy)
        return cls(tuple(each for match in logs.matches(NAMED).kept for each in _named(match)))


def _named(match: LogMatch) -> Iterator[Announcement]:
    for found in PATH.finditer(match.text):
        path = found[0]
        # A place that is spelled as an address is nowhere that the listing would show; a cut one may be another.
        if "://" in path or "\\" in path or "…" in path:
            continue
        yield Announcement(match, path, shape_of(match.text, path))


def shape_of(text: str, path: str) -> str:
    """The line with holes for the folder and the file, for the words that the file's name has, and for numbers."""
    stem = path.rsplit("/", 1)[-1].split(".", maxsplit=1)[0]
    bare = text.replace(path, "⟨file⟩")
    for word in sorted({stem, *re.split(r"[\W_]+", stem)}, key=len, reverse=True):
        if len(word) > SHORTEST_WORD:
            bare = bare.replace(word, "⟨word⟩")
    return re.sub(r"\d[\d.,:]*", "0", bare).strip()


SHORTEST_WORD = 2
"""Shorter ones stand in other words, too."""
