import json
import resource
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from diagnose.collect.azureml.gaps import GapError
from diagnose.collect.azureml.spool import Spool, refusal, sweep
from diagnose.collect.redact import KeepsAll


class Hides(KeepsAll):
    """Takes the word "secret" out."""

    def stream(self, name, pieces) -> Iterator[bytes]:
        return (piece.replace(b"secret", b"******") for piece in pieces)

    def text(self, name, value):
        return value.replace("secret", "******")


@contextmanager
def full_disk(size):
    """No file may grow beyond so many bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def filled(spool):
    """A spool with a file of each kind."""
    spool.write("logs/user_logs/std_log.txt", [b"hello\n"])
    spool.rows("outputs.jsonl", [{"a": 1}])
    spool.document("run.json", {"id": "r"})
    return spool


def test_only_the_owner_may_read_a_file(filled):
    modes = {mode(path) for path in filled.path.rglob("*") if path.is_file()}
    assert (modes, mode(filled.path)) == ({0o600}, 0o700)


def test_only_the_owner_may_look_into_a_folder(filled):
    assert {mode(path) for path in filled.path.rglob("*") if path.is_dir()} == {0o700}


def test_it_lies_where_temporary_files_lie(spool):
    assert str(spool.path.parent) == tempfile.gettempdir()


def test_nothing_is_left_behind(spool):
    spool.write("logs/a/b.txt", [b"x"])
    spool.remove()
    assert not spool.path.exists()
    spool.remove()


def test_what_was_written_can_be_read_as_a_bundle_is(spool):
    assert spool.write("logs/a.txt", [b"one\n", b"", b"two\n"]) == 8
    with spool.store().open("logs/a.txt") as file:
        assert file.read() == b"one\ntwo\n"


def test_rows_are_counted(spool):
    count, size = spool.rows("metrics.jsonl", ({"step": number} for number in range(3)))
    data = (spool.path / "metrics.jsonl").read_bytes()
    assert (count, size) == (3, len(data))
    assert [json.loads(line) for line in data.splitlines()] == [{"step": 0}, {"step": 1}, {"step": 2}]


def test_no_rows_are_an_empty_file(spool):
    assert spool.rows("children.jsonl", []) == (0, 0)
    assert (spool.path / "children.jsonl").read_bytes() == b""


def test_a_row_is_one_line_whatever_is_in_it(spool):
    spool.rows("a.jsonl", [{"text": "a\nb\r\u2028\ud800é"}])
    [line] = (spool.path / "a.jsonl").read_bytes().splitlines()
    assert json.loads(line)["text"].startswith("a\nb\r")


def test_a_document_is_never_what_no_json_reader_takes(spool):
    with pytest.raises(ValueError, match="JSON"):
        spool.document("run.json", {"value": float("nan")})


def test_several_files_become_one(spool):
    for number in range(3):
        spool.rows(f".metrics/{number}.jsonl", [{"n": number}] * 2)
    count, size = spool.join("metrics.jsonl", [f".metrics/{number}.jsonl" for number in (2, 0, 1)])
    data = (spool.path / "metrics.jsonl").read_bytes()
    assert (count, size) == (6, len(data))
    assert [json.loads(line)["n"] for line in data.splitlines()] == [2, 2, 0, 0, 1, 1]
    assert sorted(path.name for path in spool.path.iterdir()) == ["metrics.jsonl"]


def test_no_files_become_an_empty_one(spool):
    assert spool.join("metrics.jsonl", []) == (0, 0)
    assert (spool.path / "metrics.jsonl").exists()


def test_nothing_is_written_twice(spool):
    spool.write("logs/a.txt", [b"first"])
    with pytest.raises(GapError, match="has its name"):
        spool.write("logs/a.txt", [b"second"])
    assert (spool.path / "logs/a.txt").read_bytes() == b"first"


@pytest.mark.parametrize(
    "write",
    [
        lambda spool: spool.write("logs/a.txt", [b"x" * 100_000]),
        lambda spool: spool.rows("a.jsonl", [{"a": "x" * 100_000}]),
        lambda spool: spool.document("run.json", {"a": "x" * 100_000}),
    ],
)
def test_a_full_disk_is_told_as_the_disk_tells_it(spool, write):
    with full_disk(50_000), pytest.raises(OSError, match=r"File too large|No space"):
        write(spool)
    spool.remove()
    assert not spool.path.exists()


def test_everything_passes_the_redactor(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    spool = Spool(Hides())
    spool.write("logs/a.txt", [b"a secret\n"])
    spool.rows("outputs.jsonl", [{"path": "secret", "deep": {"list": [("secret", 1)]}}])
    spool.document("run.json", {"tags": {"key": "my secret"}})
    kept = b"".join(path.read_bytes() for path in spool.path.rglob("*") if path.is_file())
    spool.remove()
    assert b"secret" not in kept
    assert kept.count(b"******") == 4


@pytest.mark.parametrize(
    "name",
    ["user_logs/std_log.txt", "a", "a b/c.txt", "größe/日本.log", "a..b/c", "x" * 255, "-rf", "#a?b=c"],
)
def test_a_name_that_can_be_a_file_is_one(spool, name):
    assert refusal(name) is None
    spool.write(f"logs/{name}", [b"x"])
    assert (spool.path / "logs" / name).read_bytes() == b"x"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../../etc/passwd", "climbs out"),
        ("a/../../b", "climbs out"),
        ("..", "climbs out"),
        ("/etc/passwd", "absolute"),
        ("C:\\windows", "backslash"),
        ("c:/windows", "drive"),
        ("a\0b", "NUL"),
        ("a\\b", "backslash"),
        ("", "not every system"),
        ("a//b", "not every system"),
        ("a/", "not every system"),
        ("./a", "not every system"),
        ("a/./b", "not every system"),
        ("\udcff", "not every system"),
        ("x" * 256, "too long"),
        ("ä" * 128, "too long"),
        ("ab/" * 400, "not every system"),
    ],
)
def test_a_name_that_can_be_none_is_refused_with_a_reason(name, why):
    assert why in (refusal(name) or "")


@pytest.mark.parametrize("name", ["../" * 2000, "x" * 5000, "a\n\x1b[31m/../b"])
def test_a_refusal_is_short_and_on_one_line(name):
    told = refusal(name)
    assert len(told) < 300
    assert told.isprintable()


def test_what_a_killed_process_left_is_taken_away_and_what_a_living_one_uses_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, foreign = tmp_path / f"diagnose-spool-{ended.pid}-abc", tmp_path / "diagnose-spool-notes"
    for folder in (left, foreign):
        (folder / "logs").mkdir(parents=True)
    used = Spool(KeepsAll())
    sweep()
    assert (left.exists(), foreign.exists(), used.path.exists()) == (False, True, True)
