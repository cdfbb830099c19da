"""Named byte streams: a folder, an archive, or a view over one, all read alike and never written."""

import bisect
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from diagnose.errors import BundleError
from diagnose.evidence.archive import TarStore, ZipStore
from diagnose.evidence.members import MEMBERS_MAX, absent, quoted, spelled

__all__ = ["FileStore", "FolderStore", "OverlayStore", "Store", "TarStore", "ZipStore", "open_store"]

# Neither a link at the last step nor a FIFO without a writer may trap us; Windows knows only O_BINARY.
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class Store(Protocol):
    """Files by name, wherever they lie.

    A name is relative, has forward slashes, no `..` and no backslash, and is valid Unicode; beyond that it
    is data and may hold anything.
    """

    where: str
    """The path the user gave, for messages."""

    def names(self) -> Sequence[str]:
        """The files, sorted; no folders."""

    def ignored(self) -> Mapping[str, str]:
        """What is there and is not read (a link, a device, a file without permission), with the reason."""

    def size(self, name: str) -> int:
        """Bytes; raises KeyError when absent, OSError when it is there and no readable file."""

    def open(self, name: str) -> BinaryIO:
        """A stream to be read forwards and closed by the caller; raises as `size` does."""


class FolderStore:
    """The files below a folder. Links are not followed, and nothing but ordinary files is opened.

    Raises BundleError when the folder itself cannot be listed, or holds more files than a run ever has.
    """

    def __init__(self, path: Path) -> None:
        self.where = str(path)
        self._paths: dict[str, str] = {}
        self._ignored: dict[str, str] = {}
        try:
            os.scandir(path).close()
        except OSError as error:
            raise _unlisted(self.where, error) from error
        for relative, trouble in _walk(path):
            self._note(spelled(relative), relative, trouble)

    def names(self) -> Sequence[str]:
        """The files, sorted."""
        return sorted(self._paths)

    def ignored(self) -> Mapping[str, str]:
        """Links, devices, files of one name, folders without permission."""
        return self._ignored

    def size(self, name: str) -> int:
        """As of now; the file may be growing."""
        return os.stat(self._path(name), follow_symlinks=False).st_size  # noqa: PTH116  # a name may hold anything

    def open(self, name: str) -> BinaryIO:
        """An ordinary file, opened without following a link or waiting for a writer."""
        handle = os.open(self._path(name), _OPEN_FLAGS)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise OSError(f"{quoted(name)} is no longer an ordinary file")
        return os.fdopen(handle, "rb")

    def _note(self, name: str, relative: str, trouble: str | None) -> None:
        if name in self._paths:
            trouble, name = "has the same name as another file once it is spelled out", f"{name} (second)"
        if trouble:
            self._ignored[name] = trouble
        else:
            self._paths[name] = relative
        if len(self._paths) + len(self._ignored) > MEMBERS_MAX:
            raise BundleError(
                f"{self.where} holds more than {MEMBERS_MAX:,} files; give the folder of one run."
            )

    def _path(self, name: str) -> str:
        if name in self._ignored:
            raise OSError(f"{quoted(name)} {self._ignored[name]}")
        if name not in self._paths:
            raise absent(name, self._paths)
        return f"{self.where}/{self._paths[name]}"


class FileStore:
    """One file, under its own name."""

    def __init__(self, path: Path) -> None:
        self.where = str(path)
        self._path, self._name = path, spelled(path.name)

    def names(self) -> Sequence[str]:
        """The one name."""
        return [self._name]

    def ignored(self) -> Mapping[str, str]:
        """Nothing."""
        return {}

    def size(self, name: str) -> int:
        """As of now; the file may be growing."""
        return self._known(name).stat().st_size

    def open(self, name: str) -> BinaryIO:
        """Follows a link: the user named this file."""
        return self._known(name).open("rb")

    def _known(self, name: str) -> Path:
        if name != self._name:
            raise absent(name, [self._name])
        return self._path


class OverlayStore:
    """A view: some members are bytes in memory, the others are members of `base` under another name.

    Nothing is copied; a name in both comes from memory.
    """

    def __init__(
        self, base: Store | None, small: Mapping[str, bytes], mapped: Mapping[str, str], where: str
    ) -> None:
        self.where = where
        self._base, self._small, self._mapped = base, small, mapped
        self._names = sorted({*small, *mapped} - set(self.ignored()))

    def names(self) -> Sequence[str]:
        """The members that can be read, sorted."""
        return self._names

    def ignored(self) -> Mapping[str, str]:
        """What `base` does not read, under its name here."""
        below = self._base.ignored() if self._base else {}
        return {name: below[source] for name, source in self._mapped.items() if source in below}

    def size(self, name: str) -> int:
        """As `base` says."""
        if name in self._small:
            return len(self._small[name])
        base, source = self._source(name)
        return base.size(source)

    def open(self, name: str) -> BinaryIO:
        """As `base` opens it."""
        if name in self._small:
            return BytesIO(self._small[name])
        base, source = self._source(name)
        return base.open(source)

    def _source(self, name: str) -> tuple[Store, str]:
        if self._base is None or name not in self._mapped:
            start = bisect.bisect_left(self._names, f"{name}/")
            raise absent(name, self._names[start : start + 1])
        return self._base, self._mapped[name]


def open_store(path: Path) -> Store:
    """The folder, archive (zip, tar, gzipped tar; known by its first bytes) or single file at `path`.

    Raises BundleError when there is none, or when it may not or cannot safely be read.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return FolderStore(path)
        if not stat.S_ISREG(mode):
            raise BundleError(f"{path} is neither a folder nor a file; give a bundle, a download or a log.")
        kind = _archive_kind(path)
    except FileNotFoundError as error:
        raise BundleError(f"{path} does not exist; check the path.") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _unlisted(str(path), error) from error
    if kind is None:
        return FileStore(path)
    return ZipStore(path) if kind == "zip" else TarStore(path)


def _archive_kind(path: Path) -> str | None:
    """`zip`, `tar` or None, by the first bytes; the ending decides only where there are too few of them."""
    with path.open("rb") as file:
        head = file.read(512)
    name = path.name.lower()
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06") or name.endswith(".zip"):
        return "zip"
    named_tar = name.endswith((".tar", ".tar.gz", ".tgz"))
    return "tar" if named_tar or head[257:262] == b"ustar" or head[:2] == b"\x1f\x8b" else None


def _walk(top: Path) -> Iterator[tuple[str, str | None]]:
    """Every file below `top` as a relative path, with what is wrong with it; folders level by level."""
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(f"{top}/{folder}") as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield folder.rstrip("/"), f"cannot be listed: {error.strerror}"
            continue
        for entry in found:
            kind, trouble = _kind(entry)
            if kind == "folder":
                waiting.append(f"{folder}{entry.name}/")
            else:
                yield folder + entry.name, trouble


def _kind(entry: os.DirEntry[str]) -> tuple[str, str | None]:
    try:
        if entry.is_symlink():
            return "link", "is a link, which is not followed"
        if entry.is_dir(follow_symlinks=False):
            return "folder", None
        return "file", None if entry.is_file(follow_symlinks=False) else "is no ordinary file"
    except OSError as error:  # a folder that may be listed and not entered
        return "unknown", f"cannot be looked at: {error.strerror}"


def _unlisted(where: str, error: OSError | ValueError) -> BundleError:
    why = getattr(error, "strerror", None) or str(error)
    return BundleError(f"{where} cannot be read: {why}; check its permissions, or give a copy of your own.")
