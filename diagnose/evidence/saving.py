"""Writing a bundle: beside its place first, moved there when whole, so that nothing there is ever lost."""

import contextlib
import json
import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from diagnose.errors import BundleError
from diagnose.evidence.documents import BrokenJsonError, read_object
from diagnose.evidence.manifest import Manifest, UnreadableManifestError, manifest_from, manifest_row
from diagnose.evidence.members import MEMBERS_MAX, TOTAL_MAX, inflates_too_far, quoted, spelled, unsafe
from diagnose.evidence.store import Store, open_store

_PIECE = 1 << 20
_FILES = {"bundle.json", "run.json"}
_LISTS = {
    "children.jsonl",
    "metrics.jsonl",
    "outputs.jsonl",
    "logs.jsonl",
    "processes.jsonl",
    "siblings.jsonl",
}
_FOLDERS = {"logs", "code", "raw"}


def save(
    members: Store, manifest: Manifest, path: Path, marks: Callable[[], Mapping[str, object]] = dict
) -> None:
    """Every member and the manifest with its `marks`, at `path`; raises BundleError and leaves all as it was.

    Files are readable by their owner only. The same bundle gives the same bytes.
    """
    packed = path.suffix.lower() == ".zip"
    try:
        _may_replace(path, packed=packed)
        _checked(members, packed=packed)
        text = _manifest_text(members, manifest, marks())
        if packed:
            _save_zip(members, text, path)
        else:
            _save_folder(members, text, path)
    except OSError as error:
        why = error.strerror or str(error)
        raise BundleError(
            f"The bundle could not be written to {path}: {why}; nothing was changed there. Try another place."
        ) from error


def check_target(path: Path) -> None:
    """Raises BundleError where nothing may be written to `path`."""
    _may_replace(path, packed=path.suffix.lower() == ".zip")


def _save_zip(members: Store, manifest: bytes, path: Path) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".bundle-", suffix=".partial")
    try:
        with os.fdopen(handle, "w+b") as file:
            dense = _zip(members, manifest, file, frozenset())
            if dense:  # what shrinks like a bomb would be refused as one, so it is kept as it is
                file.seek(0)
                file.truncate()
                _zip(members, manifest, file, dense)
            _settle(file)
        os.replace(temporary, path)  # noqa: PTH105  # one call for a name that may hold anything
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _zip(members: Store, manifest: bytes, file: BinaryIO, stored: frozenset[str]) -> frozenset[str]:
    dense = set()
    with zipfile.ZipFile(file, "w") as archive:
        for name in sorted({*members.names(), "bundle.json"}):
            info = zipfile.ZipInfo(name)  # dated 1980, so that the same bundle gives the same bytes
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o600) << 16
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            with archive.open(
                info, "w", force_zip64=name != "bundle.json" and members.size(name) > 1 << 30
            ) as target:
                _copy(members, name, manifest, target.write)
            if inflates_too_far(info.file_size, info.compress_size):
                dense.add(name)
    return frozenset(dense)


def _save_folder(members: Store, manifest: bytes, path: Path) -> None:
    temporary = tempfile.mkdtemp(dir=path.parent, prefix=".bundle-", suffix=".partial")
    try:
        for name in [*(n for n in members.names() if n != "bundle.json"), "bundle.json"]:
            _make_folders(temporary, name)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(f"{temporary}/{name}", flags, 0o600), "wb") as file:
                _copy(members, name, manifest, file.write)
                _settle(file)
        _swap(temporary, path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _swap(temporary: str, path: Path) -> None:
    """Move the new folder to its place; what was there is deleted last, and comes back if the move fails."""
    if not path.exists():
        os.rename(temporary, path)  # noqa: PTH104  # not Path.rename: tests break this one call
        return
    aside = f"{tempfile.mkdtemp(dir=path.parent, prefix='.bundle-', suffix='.old')}"
    try:
        os.rename(path, f"{aside}/old")  # noqa: PTH104
    except BaseException:
        os.rmdir(aside)  # noqa: PTH106
        raise
    try:
        os.rename(temporary, path)  # noqa: PTH104
    except BaseException:
        os.rename(f"{aside}/old", path)  # noqa: PTH104
        os.rmdir(aside)  # noqa: PTH106
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _copy(members: Store, name: str, manifest: bytes, write: Callable[[bytes], int]) -> None:
    if name == "bundle.json":
        write(manifest)
        return
    try:
        stream = members.open(name)
    except OSError as error:
        raise _unread(members.where, name, error) from error
    with stream:
        while piece := _next_piece(members, name, stream):
            write(piece)


def _next_piece(members: Store, name: str, stream: BinaryIO) -> bytes:
    try:
        return stream.read(_PIECE)
    except OSError as error:
        raise _unread(members.where, name, error) from error


def _unread(where: str, name: str, error: OSError) -> BundleError:
    why = error.strerror or str(error)
    return BundleError(f"Nothing was written because {quoted(name)} of {where} cannot be read: {why}.")


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _make_folders(top: str, name: str) -> None:
    steps = name.split("/")[:-1]
    for depth in range(len(steps)):
        with contextlib.suppress(FileExistsError):
            os.mkdir("/".join([top, *steps[: depth + 1]]), 0o700)  # noqa: PTH102


def _manifest_text(members: Store, manifest: Manifest, marks: Mapping[str, object]) -> bytes:
    """The manifest, over the fields of an older one that this program does not know."""
    try:
        with members.open("bundle.json") as stream:
            older = read_object(stream)
    except (KeyError, OSError, BrokenJsonError):
        older = {}
    row = _over(older, manifest_row(manifest)) | dict(marks)
    return (json.dumps(row, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "replace")


def _over(older: Mapping[str, object], newer: Mapping[str, object]) -> dict[str, object]:
    merged = dict(older) | dict(newer)
    for key, value in newer.items():
        below = older.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            merged[key] = _over(below, value)
    return merged


def _checked(members: Store, *, packed: bool) -> None:
    """Write nothing that the reader would refuse."""
    names = members.names()
    for name in names:
        why = unsafe(name) or (None if _is_plain(name) else "has a name that not every system can hold")
        if why:
            raise BundleError(f"The bundle was not written because its member {quoted(name)} {why}.")
    if len(names) >= MEMBERS_MAX:
        raise BundleError(f"The bundle was not written because it has more than {MEMBERS_MAX:,} members.")
    if packed and sum(members.size(name) for name in names) > TOTAL_MAX:
        raise BundleError(f"More than {TOTAL_MAX >> 30} GiB do not fit a zip bundle; write it to a folder.")


def _is_plain(name: str) -> bool:
    return name == spelled(name) and len(name.encode()) <= 4096 and not {"", ".", ".."} & set(name.split("/"))


def _may_replace(path: Path, *, packed: bool) -> None:
    if not path.parent.is_dir():
        raise BundleError(f"{path} cannot be written because {path.parent} is not a folder; make it first.")
    if not os.path.lexists(path):
        return
    right_kind = path.is_file() if packed else path.is_dir()
    if path.is_symlink() or not right_kind or not (_is_empty(path) or _is_ours(path)):
        raise BundleError(
            f"{path} is there and not a bundle, so it was not overwritten; choose another name."
        )


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _is_ours(path: Path) -> bool:
    """A bundle that this program could have written: nobody's notes are lost with it."""
    try:
        store = open_store(path)
        with store.open("bundle.json") as stream:
            manifest_from(read_object(stream))
    except (BundleError, KeyError, OSError, BrokenJsonError, UnreadableManifestError):
        return False
    return all(map(_is_ours_by_name, [*store.names(), *store.ignored()]))


def _is_ours_by_name(name: str) -> bool:
    top, _, below = name.partition("/")
    return top in _FOLDERS if below else top in _FILES or top.removesuffix(".gz") in _LISTS
