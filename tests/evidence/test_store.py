import io
import os
import tarfile
import zipfile

import pytest

from diagnose.errors import BundleError
from diagnose.evidence.store import FolderStore, OverlayStore, open_store

UNICODE_TRAPS = [
    "logs/naïve.txt",
    "logs/nai\u0308ve.txt",
    "logs/README.txt",
    "logs/readme.txt",
    "logs/\u202etxt.gol",
    "logs/zero\u200bwidth.log",
    "logs/two\nlines.log",
    "logs/<script>.log",
    "logs/ leading and trailing ",
    "logs/💥.log",
    "logs/CON",
    "logs/trailing.",
]


def read(store, name):
    with store.open(name) as stream:
        return stream.read()


def folder(top, members):
    for name, data in members.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(data)
    return top


def zipped(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def tarred(path, members, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


@pytest.mark.parametrize("form", ["folder", "zip", "tar", "tar.gz"])
def test_every_form_holds_the_same_members(tmp_path, form):
    members = {name: name.encode() for name in UNICODE_TRAPS} | {"run.json": b"{}"}
    path = tmp_path / f"evidence.{form}"
    match form:
        case "folder":
            folder(path, members)
        case "zip":
            zipped(path, members)
        case "tar":
            tarred(path, members)
        case _:
            tarred(path, members, "w:gz")
    store = open_store(path)
    assert list(store.names()) == sorted(members)
    assert {name: read(store, name) for name in store.names()} == members
    assert {store.size(name) for name in ("run.json", "logs/CON")} == {2, 8}


@pytest.mark.parametrize("form", ["folder", "zip", "tar"])
def test_a_name_that_is_not_there_is_a_key_error(tmp_path, form):
    members = {"logs/a.txt": b"a"}
    build = {"folder": folder, "zip": zipped, "tar": tarred}[form]
    store = open_store(build(tmp_path / f"x.{form}", members))
    with pytest.raises(KeyError):
        store.open("b.txt")
    with pytest.raises(KeyError):
        store.size("logs/b.txt")


@pytest.mark.parametrize("form", ["folder", "zip", "tar"])
def test_a_folder_where_a_file_should_be_is_an_error_and_not_an_absence(tmp_path, form):
    build = {"folder": folder, "zip": zipped, "tar": tarred}[form]
    store = open_store(build(tmp_path / f"x.{form}", {"children.jsonl/a.txt": b"a"}))
    with pytest.raises(IsADirectoryError):
        store.open("children.jsonl")


def test_a_link_is_not_followed_and_named_with_the_reason(tmp_path):
    (tmp_path / "secret").write_text("secret")
    top = folder(tmp_path / "bundle", {"logs/a.txt": b"a"})
    (top / "logs/b.txt").symlink_to(tmp_path / "secret")
    (top / "code").symlink_to(tmp_path)
    store = open_store(top)
    assert list(store.names()) == ["logs/a.txt"]
    reason = "is a link, which is not followed"
    assert store.ignored() == {"logs/b.txt": reason, "code": reason}
    with pytest.raises(OSError, match="is a link"):
        store.open("logs/b.txt")


def test_a_file_that_became_a_link_since_is_not_followed(tmp_path):
    (tmp_path / "secret").write_text("secret")
    store = open_store(folder(tmp_path / "bundle", {"a.txt": b"a"}))
    (tmp_path / "bundle/a.txt").unlink()
    (tmp_path / "bundle/a.txt").symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match="symbolic links"):
        store.open("a.txt")


def test_a_pipe_does_not_block(tmp_path):
    store_folder = folder(tmp_path / "bundle", {"a.txt": b"a", "b.txt": b"b"})
    os.mkfifo(store_folder / "pipe.log")
    store = open_store(store_folder)
    assert store.ignored() == {"pipe.log": "is no ordinary file"}
    (store_folder / "b.txt").unlink()
    os.mkfifo(store_folder / "b.txt")
    with pytest.raises(OSError, match="no longer an ordinary file"):
        store.open("b.txt")


def test_a_pipe_given_as_the_evidence_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BundleError, match="neither a folder nor a file"):
        open_store(tmp_path / "pipe")


def test_a_name_outside_unicode_is_spelled_out(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.log")).write_bytes(b"x")
    (tmp_path / "back\\slash.log").write_bytes(b"y")
    store = open_store(tmp_path)
    assert list(store.names()) == ["back%5Cslash.log", "caf%E9.log"]
    assert read(store, "caf%E9.log") == b"x"
    assert read(store, "back%5Cslash.log") == b"y"


def test_two_files_that_are_spelled_alike_are_not_mixed_up(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.log")).write_bytes(b"x")
    (tmp_path / "caf%E9.log").write_bytes(b"y")
    store = open_store(tmp_path)
    assert list(store.names()) == ["caf%E9.log"]
    assert len(store.ignored()) == 1


def test_a_very_deep_folder_is_read(tmp_path):
    name = "d/" * 300 + "a.txt"
    assert list(open_store(folder(tmp_path, {name: b"a"})).names()) == [name]


def test_a_folder_of_too_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("diagnose.evidence.store.MEMBERS_MAX", 2)
    folder(tmp_path, {"a": b"", "b": b"", "c": b""})
    with pytest.raises(BundleError, match="more than 2 files; give the folder of one run"):
        open_store(tmp_path)


def forbidden(*_args, **_kwargs):
    raise PermissionError(13, "Permission denied")


def test_a_folder_without_permission_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "scandir", forbidden)
    with pytest.raises(BundleError, match="cannot be read: Permission denied; check its permissions"):
        open_store(tmp_path)


def test_a_file_without_permission_is_one_sentence(tmp_path, monkeypatch):
    path = zipped(tmp_path / "a.zip", {})
    monkeypatch.setattr("pathlib.Path.open", forbidden)
    with pytest.raises(BundleError, match="cannot be read: Permission denied"):
        open_store(path)


def test_a_folder_below_without_permission_is_named_and_the_rest_read(tmp_path, monkeypatch):
    folder(tmp_path, {"a.txt": b"a", "secret/b.txt": b"b"})
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda p: forbidden() if "secret" in str(p) else scandir(p))
    store = open_store(tmp_path)
    assert list(store.names()) == ["a.txt"]
    assert store.ignored() == {"secret": "cannot be listed: Permission denied"}


@pytest.mark.parametrize("path", ["no/such/path", "nul\0byte", "x" * 5000])
def test_a_path_that_cannot_exist_is_one_sentence(tmp_path, path):
    with pytest.raises(BundleError, match=r"does not exist; check the path|cannot be read"):
        open_store(tmp_path / path)


def test_an_overlay_shows_memory_and_renamed_members_of_its_base(tmp_path):
    base = FolderStore(folder(tmp_path, {"deep/std_log.txt": b"hello", "other": b""}))
    view = OverlayStore(base, {"run.json": b"{}"}, {"logs/std_log.txt": "deep/std_log.txt"}, "here")
    assert list(view.names()) == ["logs/std_log.txt", "run.json"]
    assert (read(view, "logs/std_log.txt"), read(view, "run.json")) == (b"hello", b"{}")
    assert (view.size("logs/std_log.txt"), view.size("run.json")) == (5, 2)
    with pytest.raises(KeyError):
        view.open("other")
    with pytest.raises(IsADirectoryError):
        view.open("logs")


def test_an_overlay_ignores_what_its_base_ignores(tmp_path):
    (tmp_path / "a.txt").symlink_to(tmp_path)
    view = OverlayStore(FolderStore(tmp_path), {}, {"logs/a.txt": "a.txt"}, "here")
    assert list(view.names()) == []
    assert view.ignored() == {"logs/a.txt": "is a link, which is not followed"}
    with pytest.raises(OSError, match="is a link"):
        view.open("logs/a.txt")


def test_a_single_file_is_a_store_of_one(tmp_path):
    (tmp_path / "train.log").write_bytes(b"x")
    (tmp_path / "other.log").write_bytes(b"y")
    store = open_store(tmp_path / "train.log")
    assert list(store.names()) == ["train.log"]
    assert read(store, "train.log") == b"x"
    with pytest.raises(KeyError):
        store.open("other.log")
