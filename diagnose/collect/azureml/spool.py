"""The folder in which a bundle grows: private, and gone again unless it becomes one."""

import contextlib
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.redact import Redactor
from diagnose.evidence.bundle import PartState
from diagnose.evidence.members import quoted, spelled, unsafe
from diagnose.evidence.store import FolderStore
from diagnose.redact.redactor import Redactor as Removes

_PREFIX = "diagnose-spool-"


def sweep() -> None:
    """Take away what a process left here that was killed in the middle: evidence does not lie about in temporary folders."""
    if os.name == "nt":  # where nobody can ask for a process without ending it
        return
    with contextlib.suppress(OSError):  # a disk without room for anything is told of where something is kept
        _sweep(Path(tempfile.gettempdir()))


def _sweep(temporary: Path) -> None:
    for folder in temporary.glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdecimal() and not _is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)  # somebody else's is not ours to remove, and is not


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


class Spool:
    """Files written once, readable by their owner only.

    Raises OSError as the disk does, and GapError for a name that is taken.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self.path = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))  # 0700
        self._is_removed = False
        self._lock = threading.Lock()

    def store(self) -> FolderStore:
        """What was written, as the members of a bundle."""
        return FolderStore(self.path)

    def remove(self) -> None:
        """Leave nothing behind, also where a thread is still about to write."""
        with self._lock:
            self._is_removed = True
        shutil.rmtree(self.path, ignore_errors=True)

    def write(self, name: str, pieces: Iterable[bytes]) -> int:
        """One file, through the redactor; its bytes are returned."""
        size, name = 0, self._redactor.text("names", name)
        with self._open(name) as file:
            for piece in self._redactor.stream(name, pieces):
                size += file.write(piece)
        return size

    def rows(self, name: str, rows: Iterable[Mapping[str, object]]) -> tuple[int, int]:
        """One JSON Lines file; how many rows and bytes it has."""
        count = size = 0
        with self._open(name) as file:
            for row in rows:
                size += file.write(self._line(name, row))
                count += 1
        return count, size

    def join(self, name: str, pieces: Sequence[str]) -> tuple[int, int]:
        """One file out of several, in their order, which are gone then; how many lines and bytes it has."""
        count = size = 0
        with self._open(name) as file:
            for piece in pieces:
                with (self.path / piece).open("rb") as part:
                    for line in part:
                        count, size = count + 1, size + file.write(line)
                self.forget(piece)
        for folder in {(self.path / piece).parent for piece in pieces}:
            folder.rmdir()
        return count, size

    def document(self, name: str, row: Mapping[str, object]) -> int:
        """One JSON file; its bytes."""
        with self._open(name) as file:
            return file.write(self._line(name, row))

    def cut(self, name: str, mark: bytes) -> None:
        """Take away the last `mark` of a file and what stands behind it."""
        path = self.path / self._redactor.text("names", name)
        os.truncate(path, path.read_bytes().rfind(mark))

    def forget(self, name: str) -> None:
        """Take a file away that turned out to be none."""
        (self.path / name).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Take out of every file what was found in a later one."""
        redactor = self._redactor
        if not isinstance(redactor, Removes) or not redactor.knows_any:
            return
        for path in sorted(each for each in self.path.rglob("*") if each.is_file()):
            name = path.relative_to(self.path).as_posix()
            beside = path.with_name(f"{path.name[:200]}.swept")
            with path.open("rb") as old, self._opened(beside, name) as new:
                new.writelines(redactor.sweep(name, iter(lambda: old.read(1 << 20), b"")))
            beside.replace(path)

    def _line(self, name: str, row: Mapping[str, object]) -> bytes:
        clean = (
            self._redactor.value(name, row) if isinstance(self._redactor, Removes) else self._clean(name, row)
        )
        return (json.dumps(clean, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "replace")

    def _clean(self, name: str, value: object) -> object:
        if isinstance(value, str):
            return self._redactor.text(name, value)
        if isinstance(value, Mapping):
            return {str(key): self._clean(f"{name}:{key}", each) for key, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._clean(name, each) for each in value]
        return value

    def _open(self, name: str) -> BinaryIO:
        with self._lock:
            if self._is_removed:
                raise OSError("the capture has ended")
            return self._opened(self.path / name, name)

    def _opened(self, path: Path, name: str) -> BinaryIO:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            for folder in reversed(path.relative_to(self.path).parents[:-1]):
                (self.path / folder).mkdir(mode=0o700, exist_ok=True)  # parents=True would not keep the mode
            return os.fdopen(os.open(path, flags, 0o600), "wb")
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            reason = "another file of the run has its name, or a folder of its path has"
            raise GapError(Gap(name.partition("/")[2] or name, PartState.FAILED, reason)) from error


def refusal(name: str) -> str | None:
    """Why a path that the service gave cannot be a file of a bundle, as the end of a sentence; None if it can."""
    why = unsafe(name) or (None if name == spelled(name) else "has a name that not every system can hold")
    steps = name.split("/")
    if why is None and (len(name.encode("utf-8", "replace")) > 1000 or not all(steps) or "." in steps):
        why = "has a name that not every system can hold"
    if why is None and any(len(step.encode("utf-8", "replace")) > 255 for step in steps):
        why = "has a name that is too long"
    return f"{quoted(name)} {why}" if why else None
