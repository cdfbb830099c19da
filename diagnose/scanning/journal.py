"""The folder of a scan, in which every verdict is durable the moment it is there.

`results.jsonl` and `unread.jsonl` only grow, line by line, each line in one write that is on the disk before the next run is
handed out; a report is there before its line. After a kill at any point the folder is taken up where it was: half a line at
the end is cut off, and what was found stays found. Of several lines on one run the last one counts.
"""

import contextlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from diagnose.deliver.file import write_file
from diagnose.errors import DiagnoseError, UsageError
from diagnose.evidence import fields
from diagnose.redact.gate import check
from diagnose.redact.saying import said
from diagnose.roster import Row, row_of

RESULTS, UNREAD, FACTS, INDEX, REPORTS = "results.jsonl", "unread.jsonl", "scan.json", "index.html", "runs"
LOCK = ".scan.lock"
_LINE_MAX = 64 << 20
_NAME_MAX = 100

Key = tuple[str, str]
"""The ARM id of a workspace and the id of a run in it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What an earlier line says of a run: enough to know whether it has to be looked at again."""

    mark: str
    made_at: datetime | None
    """When the verdict was made, by the clock of the machine that made it."""
    is_trouble: bool
    cause: str
    is_final: bool


class Journal:
    """One scan's folder, locked for as long as it is open. A context manager.

    Raises UsageError where another scan is at work in it or something else lies there, DiagnoseError where it cannot be written.
    """

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self.folder = folder
        self._fresh = fresh
        self._lock: Any = None
        self._kept: dict[Key, Kept] = {}
        self.facts: Mapping[str, object] = {}
        """What the last scan in this folder left in `scan.json`; empty where there was none."""

    def __enter__(self) -> Self:
        try:
            self._take()
            if self._fresh:
                self._clear()
            (self.folder / REPORTS).mkdir(exist_ok=True)
            for name in (RESULTS, UNREAD):
                _mend(self.folder / name)
            self.facts = _document(self.folder / FACTS)
            self._kept = {
                key: kept for line in lines_of(self.folder / RESULTS) for key, kept in [_kept(line)]
            }
        except OSError as error:
            self.__exit__(None, None, None)
            raise DiagnoseError(
                f"{self.folder} cannot be used for a scan: {error.strerror or error}; name another folder with -o."
            ) from error
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def kept(self, key: Key) -> Kept | None:
        """What is known of a run from before."""
        return self._kept.get(key)

    def keep(self, line: str, html: str) -> Key:
        """A verdict and its report: on the disk when this returns."""
        told = json.loads(line)
        key, kept = _kept(told)
        report = fields.text(fields.table(told, "scan"), "report") or ""
        check(line, f"The line of {key[1]}")
        write_file(self.folder / report, html)
        _append(self.folder / RESULTS, line)
        self._kept[key] = kept
        return key

    def keep_unread(self, row: Mapping[str, object]) -> None:
        """A run that could not be diagnosed, with the reason."""
        told = {key: said(value) if isinstance(value, str) else value for key, value in row.items()}
        _append(self.folder / UNREAD, json.dumps(told) + "\n")

    def state(self, facts: Mapping[str, object]) -> None:
        """Write `scan.json` anew, whole or not at all."""
        write_file(self.folder / FACTS, json.dumps(facts, indent=1) + "\n")

    def rows(self, keys: set[Key]) -> list[Row]:
        """The runs of these keys, of each the last that was said, in the order in which they were diagnosed."""
        found: dict[Key, Row] = {}
        for line in lines_of(self.folder / RESULTS):
            row = row_of(line)
            if row.key in keys:
                found[row.key] = row
        return list(found.values())

    def unread(self, keys: set[Key]) -> list[Mapping[str, object]]:
        """The runs of these keys that could not be diagnosed."""
        found = {
            (str(row.get("workspace_id") or ""), str(row.get("run_id") or "")): row
            for row in lines_of(self.folder / UNREAD)
        }
        return [row for key, row in found.items() if key in keys]

    def _take(self) -> None:
        if self.folder.exists() and not self.folder.is_dir():
            raise UsageError(f"{self.folder}, which -o names, is a file; name a folder.")
        self.folder.mkdir(parents=True, exist_ok=True)
        strange = next((each.name for each in self.folder.iterdir() if not _is_ours(each.name)), None)
        if strange and not (self.folder / FACTS).exists():
            raise UsageError(
                f"{self.folder} holds other things ({strange[:80]}) and no scan; name an empty or new folder with -o."
            )
        self._lock = _locked(self.folder / LOCK, self.folder)

    def _clear(self) -> None:
        for name in (RESULTS, UNREAD, FACTS, INDEX, "history.json"):
            (self.folder / name).unlink(missing_ok=True)
        shutil.rmtree(self.folder / REPORTS, ignore_errors=True)


def report_name(workspace: str, run_id: str, *, several: bool) -> str:
    """`runs/RUN.html`: a name that every system can hold, and of no other run; with its workspace where there are several."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", run_id[:_NAME_MAX]).strip(".-") or "run"
    same = plain == run_id and run_id == run_id.lower()
    name = f"{re.sub(r'[^A-Za-z0-9-]+', '-', workspace[:40])}--{plain}" if several else plain
    # Two runs must not meet in one file, also where upper and lower case are one.
    return f"{REPORTS}/{name}{'' if same else '-' + sha256(run_id.encode()).hexdigest()[:6]}.html"


def lines_of(path: Path) -> Iterator[Mapping[str, Any]]:
    """The objects of a JSON Lines file, one at a time; what is none is passed over."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        while line := file.readline(_LINE_MAX):
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict):
                yield value


def _kept(line: Mapping[str, Any]) -> tuple[Key, Kept]:
    row, scan = row_of(line), fields.table(line, "scan")
    mark = fields.text(scan, "mark") or ""
    final = row.outcome in ("cut-short", "false-completion", "failed", "completed")
    made_at = fields.instant(fields.table(line, "generated"), "at")
    return row.key, Kept(mark, made_at, row.is_trouble, row.cause, final)


def _is_ours(name: str) -> bool:
    return name in (LOCK, RESULTS, UNREAD, FACTS, INDEX, REPORTS) or name.startswith((".diagnose-", "."))


def _locked(path: Path, folder: Path) -> Any:
    from filelock import FileLock, Timeout  # noqa: PLC0415  (only for a scan)

    lock = FileLock(path, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise UsageError(
            f"Another scan is at work in {folder}; wait for its end, or name another folder with -o."
        ) from error
    return lock


def _mend(path: Path) -> None:
    """Cut off half a line at the end, which a kill left there."""
    with contextlib.suppress(FileNotFoundError), path.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        end = size
        while end > 0:
            start = max(0, end - (1 << 16))
            file.seek(start)
            found = file.read(end - start).rfind(b"\n")
            if found >= 0:
                end = start + found + 1
                break
            end = start
        if end != size:
            file.truncate(end)
            os.fsync(file.fileno())


def _append(path: Path, line: str) -> None:
    """One line in one write, on the disk when this returns."""
    data = line.encode()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    except OSError as error:
        raise DiagnoseError(
            f"{path} could not be written: {error.strerror or error}; make room and start the scan again."
        ) from error
    finally:
        os.close(handle)


def _document(path: Path) -> Mapping[str, object]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
