"""Zip and tar files from strangers, read in place and refused as a whole when one member could do harm."""

import gzip
import io
import stat
import tarfile
import tempfile
import weakref
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar, cast

from diagnose.errors import BundleError
from diagnose.evidence.members import (
    MEMBERS_MAX,
    RATIO_MAX,
    TOTAL_MAX,
    UNREADABLE,
    absent,
    guarded,
    inflates_too_far,
    quoted,
    spelled,
    unsafe,
)

_READ_MAX = 32 << 20
_Entry = TypeVar("_Entry", zipfile.ZipInfo, tarfile.TarInfo)


class _Archive(Generic[_Entry]):
    """The admitted members of one archive, by name; BundleError at the first that could do harm."""

    def __init__(self, path: Path) -> None:
        self.where = str(path)
        self._entries: dict[str, _Entry] = {}
        self._total = 0

    def names(self) -> Sequence[str]:
        """The members, sorted."""
        return sorted(self._entries)

    def ignored(self) -> Mapping[str, str]:
        """Nothing: an archive with a link in it is not opened at all."""
        return {}

    def _admit(self, raw_name: str, entry: _Entry, size: int, *, folder: bool) -> None:
        name = spelled("/".join(part for part in raw_name.split("/") if part not in ("", ".")))
        if why := unsafe(raw_name) or ("is there twice" if name in self._entries else None):
            raise refused(self.where, f"its member {quoted(raw_name)} {why}")
        if folder or not name:
            return
        self._entries[name] = entry
        self._total += size
        if len(self._entries) > MEMBERS_MAX:
            raise refused(self.where, f"it has more than {MEMBERS_MAX:,} members")
        if self._total > TOTAL_MAX:
            raise refused(self.where, f"it would unpack to more than {TOTAL_MAX >> 30} GiB")

    def _entry(self, name: str) -> _Entry:
        if name not in self._entries:
            raise absent(name, self._entries)
        return self._entries[name]


class ZipStore(_Archive[zipfile.ZipInfo]):
    """The members of a zip file, none of them unpacked to disk.

    Raises BundleError when any member could do harm, whether somebody would read that one or not.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            self._zip = zipfile.ZipFile(cast("BinaryIO", _ShortReads(path.open("rb"))))
        except UNREADABLE as error:
            raise _damaged(self.where, "zip", error) from error
        for info in self._zip.infolist():
            # orig_filename: zipfile has cut the other one at a NUL and, on Windows, turned its backslashes.
            name = info.orig_filename
            self._admit(name, info, info.file_size, folder=name.endswith("/"))
            if why := _zip_trouble(info):
                raise refused(self.where, f"its member {quoted(name)} {why}")
        # Members that share bytes are the other way to make much out of little.
        if sum(info.compress_size for info in self._zip.infolist()) > path.stat().st_size:
            raise refused(self.where, "its members overlap or are cut off")

    def size(self, name: str) -> int:
        """What the archive says; more than that does not come out."""
        return self._entry(name).file_size

    def open(self, name: str) -> BinaryIO:
        """A stream to be read forwards; damage shows as an OSError, here or while reading."""
        info = self._entry(name)
        try:
            stream = self._zip.open(info)
        except UNREADABLE as error:
            raise OSError(f"{quoted(name)} is damaged: {error}") from error
        return guarded(cast("BinaryIO", stream), name, info.compress_size)


class TarStore(_Archive[tarfile.TarInfo]):
    """The members of a tar file, plain or gzipped.

    A gzipped one cannot be read from the middle, so it is inflated once, counted, into a temporary file
    without a name. Raises BundleError as `ZipStore` does.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            file = cast("BinaryIO", _ShortReads(_inflated(path)))
            length = file.seek(0, io.SEEK_END)
            file.seek(0)
            self._tar = tarfile.open(fileobj=file, mode="r:")  # noqa: SIM115  # open as long as the store
            for info in self._tar:
                self._admit(info.name, info, info.size, folder=info.isdir())
                if why := _tar_trouble(info, length):
                    raise refused(self.where, f"its member {quoted(info.name)} {why}")
            # tarfile takes a cut or a broken header for the end; a real end is a block of zeros.
            file.seek(self._tar.offset)
            if file.read(512) != bytes(512):
                raise tarfile.ReadError("it ends too early")
        except UNREADABLE as error:
            raise _damaged(self.where, "tar", error) from error

    def size(self, name: str) -> int:
        """What the archive says; as many bytes were found there."""
        return self._entry(name).size

    def open(self, name: str) -> BinaryIO:
        """A stream to be read forwards; damage shows as an OSError."""
        info = self._entry(name)
        stream = cast("BinaryIO", self._tar.extractfile(info))  # None only for what was refused above
        return guarded(stream, name, info.size)


def refused(where: str, why: str) -> BundleError:
    """The sentence for an archive that could do harm."""
    return BundleError(
        f"{where} was not opened because {why}; "
        "get a fresh copy, or unpack it yourself if you trust it and give the folder."
    )


def _damaged(where: str, kind: str, error: Exception) -> BundleError:
    if isinstance(error, OSError) and error.strerror:
        return BundleError(f"{where} cannot be read: {error.strerror}.")
    or_log = ", or unpack it first if it is a gzipped log" if kind == "tar" else ""
    return BundleError(f"{where} is not a whole {kind} file ({error}); copy or download it again{or_log}.")


def _zip_trouble(info: zipfile.ZipInfo) -> str | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link" if kind == stat.S_IFLNK else "is no ordinary file"
    if info.flag_bits & 0x1:
        return "is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed by a method other than deflate"
    if inflates_too_far(info.file_size, info.compress_size):
        return f"would unpack to more than {RATIO_MAX} times its size"
    return None


def _tar_trouble(info: tarfile.TarInfo, length: int) -> str | None:
    if info.islnk() or info.issym():
        return "is a link"
    if info.issparse() or not (info.isreg() or info.isdir()):
        return "is no ordinary file"
    return None if 0 <= info.size <= length - info.offset_data else "is cut off"


def _inflated(path: Path) -> BinaryIO:
    file = path.open("rb")
    zipped = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    if not zipped:
        return file
    plain = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115  # handed on
    try:
        with file, gzip.GzipFile(fileobj=file) as stream:
            _inflate(stream, plain, path)
    except BaseException:
        plain.close()
        raise
    return plain


def _inflate(stream: gzip.GzipFile, plain: BinaryIO, path: Path) -> None:
    packed, inflated = path.stat().st_size, 0
    while piece := stream.read(1 << 20):
        inflated += len(piece)
        if inflates_too_far(inflated, packed):
            raise refused(str(path), f"it would unpack to more than {RATIO_MAX} times its size")
        plain.write(piece)


class _ShortReads:
    """A file that refuses one huge read: a table of contents that large is an attack on memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable, self.close = file.seek, file.tell, file.seekable, file.close
        # Stores live as long as somebody reads from them; a finalizer closes also what dies in a cycle.
        weakref.finalize(self, file.close)

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(min(size, _READ_MAX + 1) if size >= 0 else _READ_MAX + 1)
        if len(data) > _READ_MAX:
            raise ValueError("its table of contents is larger than 32 MiB")
        return data
