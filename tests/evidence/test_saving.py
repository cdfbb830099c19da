import errno
import os
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from diagnose.errors import BundleError
from diagnose.evidence.bundle import Bundle, Manifest, Origin, Part, PartState, open_bundle, write_bundle
from diagnose.evidence.store import OverlayStore

MANIFEST = Manifest(
    captured_at=datetime(2026, 11, 20, 14, 2, tzinfo=UTC),
    captured_by="diagnose 1",
    origin=Origin(kind="azureml", workspace="training-eu"),
    clock_skew_s=0.4,
    parts={"run": Part(PartState.COMPLETE), "logs": Part(PartState.PARTIAL, "one was denied", 3, 99)},
)
MEMBERS = {
    "run.json": b'{"id": "r"}',
    "logs.jsonl": b"",
    "logs/user_logs/std_log.txt": b"hello\n",
    "logs/user_logs/\u202etxt.gol \U0001f4a5\n.log": b"\x00\xff",
    "code/src/train.py": b"print(1)",
}


def bundle_of(members, manifest=MANIFEST):
    return Bundle(OverlayStore(None, members, {}, "memory"), manifest)


def members_of(bundle):
    members = {}
    for name in bundle.store.names():
        if name != "bundle.json":
            with bundle.store.open(name) as stream:
                members[name] = stream.read()
    return members


def leftovers(top):
    return sorted(path.name for path in top.iterdir())


def full_disk(*_args, **_kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def refusal(bundle, path):
    with pytest.raises(BundleError) as caught:
        write_bundle(bundle, path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


both = pytest.mark.parametrize("name", ["bundle", "bundle.zip", "bundle.ZIP"])


@both
def test_what_was_written_reads_back_equal(tmp_path, name):
    write_bundle(bundle_of(MEMBERS), tmp_path / name)
    bundle = open_bundle(tmp_path / name)
    assert bundle.manifest == MANIFEST
    assert members_of(bundle) == MEMBERS
    assert leftovers(tmp_path) == [name]


def test_from_folder_to_zip_and_back_nothing_changes(tmp_path):
    write_bundle(bundle_of(MEMBERS), tmp_path / "a")
    write_bundle(open_bundle(tmp_path / "a"), tmp_path / "b.zip")
    write_bundle(open_bundle(tmp_path / "b.zip"), tmp_path / "c")
    assert members_of(open_bundle(tmp_path / "c")) == MEMBERS
    assert (tmp_path / "a/bundle.json").read_bytes() == (tmp_path / "c/bundle.json").read_bytes()


def test_the_same_bundle_gives_the_same_bytes(tmp_path):
    write_bundle(bundle_of(MEMBERS), tmp_path / "a.zip")
    write_bundle(bundle_of(dict(reversed(MEMBERS.items()))), tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_only_the_owner_may_read_it(tmp_path):
    write_bundle(bundle_of(MEMBERS), tmp_path / "a")
    write_bundle(bundle_of(MEMBERS), tmp_path / "a.zip")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*") if path.is_dir()} == {0o700}
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {stat.S_IMODE(info.external_attr >> 16) for info in archive.infolist()} == {0o600}


def test_fields_that_this_program_does_not_know_are_kept(tmp_path):
    write_bundle(bundle_of(MEMBERS), tmp_path / "a")
    text = (tmp_path / "a/bundle.json").read_text()
    (tmp_path / "a/bundle.json").write_text(
        text.replace('"origin": {', '"mood": "good", "origin": {"floor": 3,')
    )
    write_bundle(open_bundle(tmp_path / "a"), tmp_path / "b")
    assert '"mood": "good"' in (tmp_path / "b/bundle.json").read_text()
    assert '"floor": 3' in (tmp_path / "b/bundle.json").read_text()


def test_a_log_that_shrinks_like_a_bomb_can_be_read_again(tmp_path):
    members = {"logs/a.txt": b"waiting...\n" * 400_000, "logs/b.txt": b"hello\n" * 1000}
    write_bundle(bundle_of(members), tmp_path / "a.zip")
    assert members_of(open_bundle(tmp_path / "a.zip")) == members


@both
def test_an_older_bundle_is_replaced(tmp_path, name):
    write_bundle(bundle_of({"run.json": b"{}", "logs/old.txt": b"old"}), tmp_path / name)
    write_bundle(bundle_of(MEMBERS), tmp_path / name)
    assert members_of(open_bundle(tmp_path / name)) == MEMBERS
    assert leftovers(tmp_path) == [name]


def test_a_bundle_can_be_written_over_itself(tmp_path):
    write_bundle(bundle_of(MEMBERS), tmp_path / "a")
    write_bundle(open_bundle(tmp_path / "a"), tmp_path / "a")
    assert members_of(open_bundle(tmp_path / "a")) == MEMBERS


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "a").mkdir()
    write_bundle(bundle_of(MEMBERS), tmp_path / "a")
    assert members_of(open_bundle(tmp_path / "a")) == MEMBERS


def test_what_is_no_bundle_is_never_overwritten(tmp_path):
    (tmp_path / "thesis.zip").write_bytes(b"years of work")
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis/chapter.txt").write_text("years of work")
    (tmp_path / "file").write_text("years of work")
    (tmp_path / "folder.zip").mkdir()
    for name in ("thesis.zip", "thesis", "file", "folder.zip"):
        assert "is there and not a bundle" in refusal(bundle_of(MEMBERS), tmp_path / name)
    assert (tmp_path / "thesis.zip").read_bytes() == b"years of work"
    assert leftovers(tmp_path) == ["file", "folder.zip", "thesis", "thesis.zip"]


def test_somebodys_notes_in_a_bundle_are_not_lost(tmp_path):
    write_bundle(bundle_of(MEMBERS), tmp_path / "a")
    (tmp_path / "a/notes.txt").write_text("my notes")
    assert "choose another name" in refusal(bundle_of(MEMBERS), tmp_path / "a")
    assert (tmp_path / "a/notes.txt").read_text() == "my notes"


def test_a_newer_bundle_is_not_overwritten(tmp_path):
    write_bundle(bundle_of(MEMBERS), tmp_path / "a")
    text = (tmp_path / "a/bundle.json").read_text()
    (tmp_path / "a/bundle.json").write_text(text.replace('"version": 1', '"version": 2'))
    assert "choose another name" in refusal(bundle_of(MEMBERS), tmp_path / "a")


def test_a_link_is_not_followed(tmp_path):
    write_bundle(bundle_of(MEMBERS), tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "dangling.zip").symlink_to(tmp_path / "nowhere")
    for name in ("link", "dangling.zip"):
        assert "choose another name" in refusal(bundle_of(MEMBERS), tmp_path / name)
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    assert f"{tmp_path / 'no'} is not a folder; make it first" in refusal(
        bundle_of({}), tmp_path / "no/a.zip"
    )


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("bundle", "os.fsync"),
        ("bundle", "os.mkdir"),
        ("bundle", "os.rename"),
        ("bundle", "diagnose.evidence.saving._copy"),
        ("bundle.zip", "os.fsync"),
        ("bundle.zip", "os.replace"),
        ("bundle.zip", "diagnose.evidence.saving._copy"),
    ],
)
def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch, name, call):
    write_bundle(bundle_of({"run.json": b"old"}), tmp_path / name)
    with monkeypatch.context() as broken:
        broken.setattr(call, full_disk)
        sentence = refusal(bundle_of(MEMBERS), tmp_path / name)
    assert "No space left on device; nothing was changed there" in sentence
    assert members_of(open_bundle(tmp_path / name)) == {"run.json": b"old"}
    assert leftovers(tmp_path) == [name]


def test_a_move_that_fails_puts_the_old_bundle_back(tmp_path, monkeypatch):
    write_bundle(bundle_of({"run.json": b"old"}), tmp_path / "a")
    rename = os.rename

    def second_fails(source, target):
        if str(target) == str(tmp_path / "a") and ".partial" in str(source):
            full_disk()
        rename(source, target)

    with monkeypatch.context() as broken:
        broken.setattr(os, "rename", second_fails)
        refusal(bundle_of(MEMBERS), tmp_path / "a")
    assert members_of(open_bundle(tmp_path / "a")) == {"run.json": b"old"}
    assert leftovers(tmp_path) == ["a"]


@both
def test_an_interruption_leaves_nothing_half_made(tmp_path, monkeypatch, name):
    def interrupted(_descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_bundle(bundle_of(MEMBERS), tmp_path / name)
    assert leftovers(tmp_path) == []


@both
def test_a_member_that_cannot_be_read_is_named_and_nothing_written(tmp_path, name):
    (tmp_path / "in").mkdir()
    source = tmp_path / "in/source.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("bundle.json", '{"format": "run-evidence-bundle", "version": 1}')
        archive.writestr("logs/a.txt", b"hello")
    source.write_bytes(source.read_bytes().replace(b"hello", b"HELLO"))
    assert "'logs/a.txt'" in refusal(open_bundle(source), tmp_path / name)
    assert leftovers(tmp_path) == ["in"]


@pytest.mark.parametrize("name", ["../a", "/a", "a\\b", "C:a", "a//b", "./a", "a\ud800", "x" * 5000])
def test_nothing_is_written_that_the_reader_would_refuse(tmp_path, name):
    assert "was not written because its member" in refusal(bundle_of({name: b""}), tmp_path / "a.zip")
    assert leftovers(tmp_path) == []


def test_more_than_a_zip_bundle_may_hold_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("diagnose.evidence.saving.TOTAL_MAX", 10)
    assert "write it to a folder" in refusal(bundle_of(MEMBERS), tmp_path / "a.zip")
    write_bundle(bundle_of(MEMBERS), tmp_path / "a")


def test_a_name_too_long_for_the_disk_is_one_sentence(tmp_path):
    assert "File name too long" in refusal(bundle_of({"logs/" + "x" * 300: b""}), tmp_path / "a")
    assert leftovers(tmp_path) == []
    write_bundle(bundle_of({"logs/" + "x" * 300: b""}), tmp_path / "a.zip")


def test_a_bundle_next_to_the_current_folder_needs_no_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_bundle(bundle_of(MEMBERS), Path("a.zip"))
    assert leftovers(tmp_path) == ["a.zip"]
