import os
import stat
from pathlib import Path

import pytest

from diagnose.deliver.file import write_file
from diagnose.errors import DiagnoseError


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_file_is_its_owners_only(tmp_path):
    write_file(tmp_path / "a", "text ⟦…⟧\n")
    assert (tmp_path / "a").read_bytes() == "text ⟦…⟧\n".encode()
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "trouble", [OSError(28, "No space left on device"), KeyboardInterrupt(), ValueError()]
)
def test_what_was_there_stays_when_writing_fails(trouble, tmp_path, monkeypatch):
    def fails(_):
        raise trouble

    (tmp_path / "a").write_text("before")
    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises((DiagnoseError, KeyboardInterrupt, ValueError)):
        write_file(tmp_path / "a", "after")
    assert (tmp_path / "a").read_text() == "before"
    assert names(tmp_path) == ["a"]


def test_a_full_disk_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(
        os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(
        DiagnoseError, match=r"could not be written to .*: No space left on device\. Name another place"
    ):
        write_file(tmp_path / "a", "x")


@pytest.mark.parametrize("place", ["missing/a", ".", "x" * 300])
def test_a_place_that_cannot_be_is_a_sentence(place, tmp_path):
    with pytest.raises(DiagnoseError):
        write_file(tmp_path / place, "x")
    assert names(tmp_path) == []


def test_a_file_that_may_not_be_written_stays(tmp_path, monkeypatch):
    (tmp_path / "a").write_text("before")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(DiagnoseError, match="Permission denied"):
        write_file(tmp_path / "a", "after")
    assert (tmp_path / "a").read_text() == "before"


def test_a_link_is_replaced_unless_it_is_to_be_followed(tmp_path):
    (tmp_path / "real").write_text("before")
    for name in ("one", "two"):
        (tmp_path / name).symlink_to("real")
    write_file(tmp_path / "one", "1")
    assert ((tmp_path / "real").read_text(), (tmp_path / "one").is_symlink()) == ("before", False)
    write_file(tmp_path / "two", "2", through_link=True)
    assert ((tmp_path / "real").read_text(), (tmp_path / "two").is_symlink()) == ("2", True)


def test_a_device_is_written_to_and_not_replaced():
    write_file(Path(os.devnull), "x")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
