"""What the service's own logs, lying in a download, say about the run: its id, its statuses, its error."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from diagnose.evidence.documents import BrokenJsonError, parse_object
from diagnose.evidence.instants import format_instant, parse_instant
from diagnose.evidence.store import Store

SERVICE_LOGS = ("logs/azureml/executionlogs.txt", "logs/azureml/stderrlogs.txt")
"""A pipeline step's: written by the service and not by the run, so a status in them is the service's word."""

_LINE_MAX = 1 << 20
_READ_MAX = 16 << 20
_RUNTIME_HEAD = 1 << 20
_ERROR_TEXT = 4000

_ID = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,254}"
_STAMPED = re.compile(r"\[(?P<at>[0-9T:. -]{19,29}Z?)\] (?P<text>.*)", re.DOTALL)
_RUN = re.compile(rf"RunId:\[(?P<id>{_ID})\](?: ParentRunId:\[(?P<parent>{_ID})\])?")
_PROGRESS = re.compile(r"(?:Execution status: |job runstatus is )(?P<status>[A-Za-z]{3,40})")
_END = re.compile(
    rf"Job (?P<how>finished|failed|canceled|cancelled), job RunId is (?P<id>{_ID}?)"
    r"(?:\.? Error: (?P<error>.*)|\.?\s*$)",
    re.DOTALL,
)
_STATUS = {"finished": "Completed", "failed": "Failed", "canceled": "Canceled", "cancelled": "Canceled"}
# Not root_run_id or parent_run_id, and not `run_id=RunId {`, where the id follows further on.
_RUNTIME_RUN_ID = re.compile(
    rb"(?<![A-Za-z_])run_id['\"]?\s{0,2}[=:]\s{0,2}['\"]?(?P<id>(?!RunId\b|None\b|null\b)"
    + _ID.encode()
    + rb")"
)
_RUNTIME_LOGS = re.compile(
    r"system_logs/(lifecycler/lifecycler|cs_capability/cs-capability|metrics_capability/metrics-capability"
    r"|snapshot_capability/snapshot-capability|data_capability/data-capability)\.log"
)


@dataclass(frozen=True, slots=True)
class _Said:
    """One status in the service's words. `ends`: the service called it the end."""

    status: str
    at: datetime
    ends: bool
    error: Mapping[str, str | None] | None = None


def told_by_logs(store: Store, members: Mapping[str, str]) -> dict[str, object]:
    """The fields of `run.json` that logs tell; `members` gives the store's name for each log path.

    A status is told only where the service's last word is that the job ended. Unreadable logs tell nothing.
    """
    lines = [line for path in SERVICE_LOGS if path in members for line in _lines(store, members[path])]
    said = sorted((word for line in lines if (word := _status_in(line))), key=lambda word: word.at)
    row = _ids(lines)
    if "id" not in row:
        logs = sorted(path for path in members if _RUNTIME_LOGS.fullmatch(path))
        ids = (_runtime_id(store, members[path]) for path in logs)
        row["id"] = next((found for found in ids if found), None)
    if said:
        row["status_history"] = _history(said)
    if said and said[-1].ends:
        row["status"] = said[-1].status
        row["error"] = said[-1].error
    return row


def _history(said: Iterable[_Said]) -> list[Mapping[str, str | None]]:
    """Each status when it was first said; saying it again is no change."""
    history: list[Mapping[str, str | None]] = []
    for word in said:
        if not history or history[-1]["status"] != word.status:
            history.append({"status": word.status, "at": format_instant(word.at)})
    return history


def _ids(lines: Iterable[str]) -> dict[str, object]:
    for line in lines:
        if found := _RUN.search(line):
            return {"id": found["id"], "parent_id": found["parent"]}
    ids = [found["id"] for line in lines if (found := _END.search(line))]
    return {"id": ids[0]} if ids else {}


def _status_in(line: str) -> _Said | None:
    stamped = _STAMPED.match(line)
    at = parse_instant(stamped["at"]) if stamped else None
    if stamped is None or at is None:
        return None
    if end := _END.match(stamped["text"]):
        return _Said(_STATUS[end["how"]], at, ends=True, error=_error(end["error"]))
    progress = _PROGRESS.search(stamped["text"])
    return _Said(progress["status"], at, ends=False) if progress else None


def _error(text: str | None) -> Mapping[str, str | None] | None:
    if text is None:
        return None
    try:
        row = parse_object(text.encode())
    except BrokenJsonError:  # cut, or of another form: its words are still the service's
        return {"code": None, "message": text[:_ERROR_TEXT], "component": None}
    inner = row.get("Error")
    error = inner if isinstance(inner, dict) else {}
    return {
        "code": _text(error.get("Code")),
        "message": _text(error.get("Message")),
        "component": _text(row.get("ComponentName")),
    }


def _text(value: object) -> str | None:
    return value[:_ERROR_TEXT] if isinstance(value, str) else None


def _lines(store: Store, name: str) -> list[str]:
    try:
        with store.open(name) as stream:
            return [line.decode("utf-8", "replace") for line in _bounded_lines(stream)]
    except OSError:
        return []


def _bounded_lines(stream: BinaryIO) -> Iterator[bytes]:
    left = _READ_MAX
    while left > 0 and (line := stream.readline(_LINE_MAX)):
        left -= len(line)
        yield line


def _runtime_id(store: Store, name: str) -> str | None:
    try:
        with store.open(name) as stream:
            found = _RUNTIME_RUN_ID.search(stream.read(_RUNTIME_HEAD))
    except OSError:
        return None
    return found["id"].decode() if found else None
