"""Lists of what was made, in an index among the outputs or at the end of the log, beside the files that are named so."""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, takewhile
from pathlib import PurePosixPath
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.logs import LogLine, Logs
from diagnose.evidence.outputs import Output, Outputs

FEWEST = 4
MOST = 400
LAST_LINES = 6
LONGEST_NAME = 80
SHARE_MISSING = 0.25
IN_ORDER = 0.8
"""Of all pairs of files, those that were written in the order of the list."""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A list of which all but a few items have a file of their own, and items behind those few have theirs."""

    blob: Output | None
    line: LogLine | None
    items: Mapping[str, str]
    """What is listed: as it compares, and as it is spelled."""
    absent: tuple[str, ...]
    """Those without a file, as they compare."""
    place: str
    """The folder of the files, with the output's name."""
    suffix: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The lists that name what is not there, in the order of where they were found."""

    derived_from: ClassVar[tuple[type, ...]] = (Outputs, Logs)

    left_out: tuple[LeftOut, ...]

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        outputs, logs = bundle.get(Outputs), bundle.get(Logs)
        for fact in (outputs, logs):
            if isinstance(fact, Missing):
                return Missing("lists of what was made", fact.reason, fact.remedy)
        assert not isinstance(outputs, Missing) and not isinstance(logs, Missing)  # noqa: S101, PT018  (told to mypy)
        if not outputs.is_complete:
            return Missing("lists of what was made", "the listing of the outputs is not complete")
        kin = tuple(_kin(outputs))
        names = {stem for each in kin for stem in each.files}
        suffixes = {_plain(each.suffix) for each in kin}
        found = (
            left
            for blob, line, items in _lists(outputs, logs)
            if _names_some(items, names, suffixes)
            for each in kin
            if (left := _left_out(blob, line, items, each, outputs))
        )
        lines = [line for f in logs.user_files for line in (*f.head, *f.tail)]
        return cls(tuple(left for left in found if not _is_told(left, lines)))


@dataclass(frozen=True, slots=True)
class _Kin:
    """Files of one folder and suffix, by what their names do not share."""

    place: str
    suffix: str
    files: Mapping[str, Output]


def _names_some(items: Mapping[str, str], names: set[str], suffixes: set[str]) -> bool:
    """Whether enough of a list are names of files at all, with or without their suffixes: most lists are of something else."""
    bare = (
        item in names or any(item.removesuffix(s).rstrip("_") in names for s in suffixes) for item in items
    )
    return sum(bare) >= FEWEST


def _lists(outputs: Outputs, logs: Logs) -> Iterator[tuple[Output | None, LogLine | None, Mapping[str, str]]]:
    for blob in outputs.results:
        if blob.head and blob.size == len(blob.head) and b"\0" not in blob.head:
            for items in _in_file(blob, blob.head.decode("utf-8", "replace")):
                yield blob, None, items
    for file in logs.user_files:
        for line in file.tail[-LAST_LINES:] if file.covers_end else ():
            yield None, line, _distinct(re.split(r"[,;] ?", line.text.rpartition(": ")[2]))


def _in_file(blob: Output, text: str) -> Iterator[Mapping[str, str]]:
    if blob.name.lower().endswith(".json"):
        try:
            yield from _in_json(json.loads(text))
        except (ValueError, RecursionError):
            return
    elif blob.name.lower().endswith((".csv", ".tsv")):
        rows = list(csv.reader(text.splitlines(), delimiter="\t" if "\t" in text else ","))[1:]
        width = min(map(len, rows), default=0)
        yield from (_distinct(row[column] for row in rows) for column in range(min(width, 10)))
    else:
        yield _distinct(text.splitlines())


def _in_json(value: object) -> Iterator[Mapping[str, str]]:
    """Lists of texts, and the columns of lists of records."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _in_json(inner)
    elif isinstance(value, list):
        yield _distinct(each for each in value if isinstance(each, str))
        records = [each for each in value if isinstance(each, dict)]
        for key in records[0] if records else ():
            yield _distinct(str(record.get(key, "")) for record in records)


def _distinct(texts: Iterable[str]) -> Mapping[str, str]:
    """The items, once each; none where there are too few or too many, or where they are no names."""
    items = {name: text.strip(" \t'\"[]()") for text in texts if (name := _plain(text))}
    return items if FEWEST <= len(items) <= MOST and max(map(len, items)) <= LONGEST_NAME else {}


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text.strip().casefold()).strip("_")


def _kin(outputs: Outputs) -> Iterator[_Kin]:
    groups: defaultdict[tuple[str, str], list[Output]] = defaultdict(list)
    for blob in outputs.results:
        stem, suffix = PurePosixPath(blob.name).stem, PurePosixPath(blob.name).suffix
        if stem and stem[0] not in "._":
            groups[f"{blob.output}/{blob.path.rpartition('/')[0]}".rstrip("/"), suffix].append(blob)
    for (place, suffix), blobs in groups.items():
        stems = {_plain(PurePosixPath(blob.name).stem): blob for blob in blobs}
        if FEWEST <= len(stems) <= MOST:
            yield _Kin(place, suffix, stems)
            first = _common(stems)
            if first:
                yield _Kin(place, suffix, {stem.removeprefix(first): blob for stem, blob in stems.items()})


def _common(stems: Iterable[str]) -> str:
    """The words that all begin with."""
    pairs = zip(min(stems), max(stems), strict=False)
    return re.sub(r"[^_]*$", "", "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)))


def _left_out(
    blob: Output | None,
    line: LogLine | None,
    items: Mapping[str, str],
    kin: _Kin,
    outputs: Outputs,
) -> LeftOut | None:
    files = {stem: each for stem, each in kin.files.items() if each is not blob}
    suffix = kin.suffix
    of = {item: item.removesuffix(_plain(suffix)).rstrip("_") if suffix else item for item in items}
    there = [files[of[item]] for item in items if of[item] in files]
    absent = tuple(item for item in items if of[item] not in files)
    if (
        len(there) < FEWEST
        or len(there) < 0.9 * len(files)
        or not 0 < len(absent) <= SHARE_MISSING * len(there)
    ):
        return None
    behind = of[list(items)[-1]] in files
    paths = [_plain(each.path) for each in outputs.all]
    elsewhere = any(of[item] in path for item in absent for path in paths)
    last = blob is None or all(_is_not_later(each, blob) for each in there)
    if elsewhere or not behind or not last or not _is_in_order(there):
        return None
    return LeftOut(blob, line, items, absent, kin.place, suffix)


def _is_not_later(file: Output, index: Output) -> bool:
    return not file.modified_at or not index.modified_at or file.modified_at <= index.modified_at


def _is_in_order(files: list[Output]) -> bool:
    """Whether they were written, more or less, as they are listed, so that the turn of the absent ones has passed."""
    times = [file.modified_at for file in files if file.modified_at]
    pairs = list(combinations(times, 2))
    return bool(pairs) and sum(first <= second for first, second in pairs) >= IN_ORDER * len(pairs)


def _is_told(left: LeftOut, lines: list[LogLine]) -> bool:
    """Whether the log says something of an absent one that it does not say of those that are there."""
    usual, other = set[str](), set[str]()
    names = {item: _named(item) for item in left.items}
    for line in lines:
        text = line.text.casefold()
        named = [item for item in left.items if names[item].search(text)]
        for item in named if len(named) < FEWEST else ():
            shape = _NUMBER.sub("0", names[item].sub("⟨item⟩", text))
            (other if item in left.absent else usual).add(shape)
    return bool(other - usual)


def _named(item: str) -> re.Pattern[str]:
    return re.compile(r"(?<![^\W_])" + r"[\W_]+".join(item.split("_")) + r"(?![^\W_])")
