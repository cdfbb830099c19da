"""Earlier scans, each cut down to what a comparison needs: which runs were in trouble, and which it saw at all."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from diagnose.report import fields
from diagnose.report.fields import Node
from diagnose.roster import HARMLESS, Row

Key = tuple[str, str]
"""The ARM id of a workspace, and the id of a run in it."""

RESULTS, UNREAD, FACTS, SAVED = "results.jsonl", "unread.jsonl", "scan.json", "history.json"
NEWEST = 60
NO_TIME = datetime.fromtimestamp(0, UTC)
"""When a scan was of which nobody knows when it was."""
OPEN = frozenset({"stuck", "never-started", "in-progress"})
"""Outcomes of runs that have not ended."""

_FOLDERS = 5000
_LONGEST_LINE = 32 << 20
_LONGEST_FILE = 64 << 20
_QUESTION = ("statuses", "experiment", "tags", "compute", "user")


@dataclass(frozen=True, slots=True)
class Was:
    """How a scan found a run that was in trouble."""

    cause: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class ScanSummary:
    """One scan. `covered`: workspaces that it saw to their end, so that a run which is absent was no candidate.

    `asked`: its filters, equal for scans that can be compared.
    """

    when: datetime
    troubled: Mapping[Key, Was]
    unread: frozenset[Key] = frozenset()
    covered: frozenset[str] = frozenset()
    asked: str = ""

    def tells(self, key: Key) -> Was | bool | None:
        """How it found a run: its trouble; False when nothing was wrong or it was no candidate; None when it did not look."""
        if key in self.troubled:
            return self.troubled[key]
        return None if key in self.unread or key[0] not in self.covered else False


def summary_of(facts: Node, rows: Iterable[Row], unread: Iterable[Node] = ()) -> ScanSummary:
    """The summary of a scan that is at hand; of rows of one run the last counts."""
    return _summed(facts, (Found(row.key, row.cause, row.outcome, row.seen_at) for row in rows), unread)


class Found(NamedTuple):
    """What a comparison needs of a run: a small part of a row, which costs a tenth of its reading."""

    key: Key
    cause: str
    outcome: str
    seen_at: datetime | None


def _summed(facts: Node, found: Iterable[Found], unread: Iterable[Node]) -> ScanSummary:
    troubled: dict[Key, Was] = {}
    seen: set[Key] = set()
    newest: datetime | None = None
    for key, cause, outcome, seen_at in found:
        seen.add(key)
        newest = max(filter(None, (newest, seen_at)), default=None)
        troubled.pop(key, None)
        if cause not in HARMLESS:
            troubled[key] = Was(cause, outcome in OPEN)
    return ScanSummary(
        when=_when(facts) or newest or NO_TIME,
        troubled=troubled,
        unread=frozenset(key_of(each) for each in unread) - seen,
        covered=covered(facts),
        asked=asked(facts),
    )


def _found(line: Node) -> Found:
    run, scan = fields.node(line, "run"), fields.node(line, "scan")
    return Found(
        (fields.raw(scan, "workspace_id") or "", fields.raw(scan, "name") or fields.raw(run, "id") or ""),
        fields.raw(line, "cause") or "inconclusive",
        fields.raw(line, "outcome") or "unknown",
        fields.when(scan, "seen_at") or fields.when(fields.node(line, "bundle"), "captured_at"),
    )


def key_of(line: Node) -> Key:
    """The run of a line of `unread.jsonl`."""
    return fields.raw(line, "workspace_id") or "", fields.raw(line, "run_id") or ""


def asked(facts: Node) -> str:
    """The filters of a scan: two that asked otherwise find other runs, which says nothing about the runs."""
    question = fields.node(facts, "asked")
    return json.dumps([question.get(name) or None for name in _QUESTION], sort_keys=True, default=str)


def covered(facts: Node) -> frozenset[str]:
    """The workspaces in which the scan looked at all candidates; none for one that ended early or had a limit."""
    early = fields.raw(facts, "stopped") or not fields.raw(facts, "ended_at")
    if early or fields.number(fields.node(facts, "asked"), "limit") is not None:
        return frozenset()
    return frozenset(
        fields.raw(each, "workspace_id") or ""
        for each in fields.nodes(facts, "workspaces")
        if not fields.raw(each, "trouble")
    )


def read_scans(parent: Path, *, but: Path, newest: int = NEWEST) -> list[ScanSummary]:
    """The newest scans that lie in folders of `parent`, except the one in `but`, oldest first."""
    here = but.resolve()
    found = []
    for folder in islice(_folders(parent), _FOLDERS):
        try:
            written = (folder / RESULTS).stat().st_mtime
        except OSError:
            continue
        if folder.resolve() != here:
            found.append((written, folder.name, folder))
    chosen = (folder for _, _, folder in sorted(found, reverse=True)[:newest])
    return sorted(filter(None, map(_read, chosen)), key=lambda scan: scan.when)


def saved(summary: ScanSummary, results_bytes: int) -> str:
    """What a scan leaves as `history.json`, so that later ones need not read its records again.

    `results_bytes`: how long its `results.jsonl` is; where that has changed, this counts for nothing.
    """
    return json.dumps(
        {
            "format": "run-scan-history",
            "version": 1,
            "results_bytes": results_bytes,
            "when": summary.when.isoformat(),
            "asked": summary.asked,
            "covered": sorted(summary.covered),
            "troubled": [
                [*key, was.cause, was.is_open] for key, was in sorted(summary.troubled.items(), key=str)
            ],
            "unread": sorted(map(list, summary.unread)),
        },
        ensure_ascii=True,
    )


def _folders(parent: Path) -> Iterator[Path]:
    try:
        yield from (each for each in parent.iterdir() if each.is_dir())
    except OSError:
        return


def _read(folder: Path) -> ScanSummary | None:
    try:
        size = (folder / RESULTS).stat().st_size
        if (known := _restored(_object(folder / SAVED), size)) is not None:
            return known
        facts = _object(folder / FACTS)
        summary = _summed(facts, map(_found, _lines(folder / RESULTS)), _lines(folder / UNREAD))
        if summary.when > NO_TIME:
            return summary
        return replace(summary, when=datetime.fromtimestamp((folder / RESULTS).stat().st_mtime, UTC))
    except OSError:
        return None


def _restored(table: Node, size: int) -> ScanSummary | None:
    when = fields.when(table, "when")
    if table.get("version") != 1 or table.get("results_bytes") != size or when is None:
        return None
    return ScanSummary(
        when=when,
        troubled={(each[0], each[1]): Was(each[2], bool(each[3])) for each in _texts(table, "troubled", 4)},
        unread=frozenset((each[0], each[1]) for each in _texts(table, "unread", 2)),
        covered=frozenset(fields.strings(table, "covered")),
        asked=fields.raw(table, "asked") or "",
    )


def _texts(table: Node, key: str, length: int) -> Iterator[Sequence[Any]]:
    for each in fields.items(table, key):
        if isinstance(each, list) and len(each) == length and all(isinstance(one, str) for one in each[:3]):
            yield each


def _object(path: Path) -> Node:
    try:
        with path.open("rb") as file:
            value = json.loads(file.read(_LONGEST_FILE))
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, Mapping) else {}


def _lines(path: Path) -> Iterator[Node]:
    """The objects of a file of JSON Lines; a line that is broken, endless or unfinished is passed over."""
    if not path.is_file():
        return
    whole = True
    with path.open("rb") as file:
        while piece := file.readline(_LONGEST_LINE):
            begins, whole = whole, piece.endswith(b"\n")
            if not (begins and whole):
                continue
            try:
                value = json.loads(piece)
            except (ValueError, RecursionError):
                continue
            if isinstance(value, Mapping):
                yield value


def _when(facts: Node) -> datetime | None:
    return fields.when(facts, "started_at") or fields.when(facts, "now") or fields.when(facts, "ended_at")
