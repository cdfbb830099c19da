"""Names and bytes of a bundle's members, when they come from strangers: checked, spelled out, counted."""

import io
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable
from typing import BinaryIO, cast

MEMBERS_MAX = 200_000
TOTAL_MAX = 8 << 30
RATIO_MAX = 200
RATIO_FREE = 1 << 20
"""Bytes below which no ratio is an attack: a small log of one repeated line may shrink to almost nothing."""

_SURROGATE = re.compile("[\ud800-\udfff]")
UNREADABLE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
    struct.error,
)
"""What reading a damaged archive raises."""


def quoted(name: str) -> str:
    """A name from outside as a message may show it: short, on one line, with nothing invisible in it."""
    return repr(name if len(name) <= 120 else name[:117] + "…")


def unsafe(name: str) -> str | None:
    """What makes a member name dangerous, as the end of a sentence about it; None for a harmless one."""
    if "\0" in name:
        return "has a NUL in its name"
    if "\\" in name:
        return "has a backslash in its name"
    if name.startswith("/"):
        return "has an absolute path"
    if re.match("[A-Za-z]:", name):
        return "starts with a drive letter"
    if ".." in name.split("/"):
        return "climbs out with '..'"
    return None


def spelled(name: str) -> str:
    """A file's name as every store holds it: a backslash and bytes outside UTF-8 become `%5C`, `%FF`."""
    plain = name.replace("\\", "%5C")
    return plain if plain.isascii() else _SURROGATE.sub(lambda found: f"%{ord(found[0]) & 0xFF:02X}", plain)


def absent(name: str, names: Iterable[str]) -> KeyError | OSError:
    """The error for a member that cannot be opened: nothing there is a KeyError, a folder is an OSError."""
    if any(other.startswith(f"{name}/") for other in names):
        return IsADirectoryError(f"{quoted(name)} is a folder, not a file")
    return KeyError(name)


def inflates_too_far(inflated: int, packed: int) -> bool:
    """Whether so many bytes out of so few cannot be an honest log."""
    return inflated > TOTAL_MAX or (inflated > RATIO_FREE and inflated > RATIO_MAX * packed)


def guarded(stream: BinaryIO, name: str, packed: int) -> BinaryIO:
    """The stream, its bytes counted against the `packed` ones they come from; any trouble is an OSError."""
    return cast("BinaryIO", io.BufferedReader(_Counted(stream, name, packed), 1 << 16))


class _Counted(io.RawIOBase):
    """A member's bytes, counted as they come out; whatever is wrong with them is an OSError."""

    def __init__(self, stream: BinaryIO, name: str, packed: int) -> None:
        self._stream, self._name, self._packed, self._inflated = stream, name, packed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the one buffer BufferedReader gives
        try:
            data = self._stream.read(len(buffer))
        except UNREADABLE as error:
            raise OSError(f"{quoted(self._name)} is damaged: {error}") from error
        self._inflated += len(data)
        if inflates_too_far(self._inflated, self._packed):
            raise OSError(f"{quoted(self._name)} unpacks to more than {RATIO_MAX} times its size")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()
