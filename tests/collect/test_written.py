import base64
import random
import zipfile

from diagnose.collect import written
from diagnose.collect.layouts import Place, Role
from diagnose.collect.written import output_rows
from diagnose.evidence.bundle import PartState
from diagnose.evidence.store import OverlayStore, open_store

NOISE = random.Random(1).randbytes(3_000_000)


def outputs_of(*names):
    return [(Place(Role.OUTPUT, name), name) for name in names]


def memory(**members):
    return OverlayStore(None, members, {}, "memory")


def test_both_ends_of_a_file_are_kept_and_no_time_is_guessed():
    [row], part = output_rows(memory(a=NOISE), outputs_of("a"))
    assert base64.b64decode(row["head"]) == NOISE[:4096]
    assert base64.b64decode(row["tail"]) == NOISE[-4096:]
    assert (row["size"], row["created_at"], row["modified_at"], row["blob_type"]) == (
        3_000_000,
        None,
        None,
        "file",
    )
    assert (part.state, part.items, part.bytes) == (PartState.PARTIAL, 1, 3_000_000)


def test_an_empty_file_has_empty_ends():
    [row], _ = output_rows(memory(a=b""), outputs_of("a"))
    assert (row["size"], row["head"], row["tail"]) == (0, "", "")


def test_the_last_bytes_in_an_archive_are_found_too(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a", NOISE)
    [row], _ = output_rows(open_store(tmp_path / "a.zip"), outputs_of("a"))
    assert base64.b64decode(row["tail"]) == NOISE[-4096:]


def test_an_archive_is_not_inflated_without_end_for_last_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(written, "INFLATED_MAX", 4_000_000)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a", NOISE)
        archive.writestr("b", NOISE)
    rows, part = output_rows(open_store(tmp_path / "a.zip"), outputs_of("a", "b"))
    assert [row["tail"] is None for row in rows] == [False, True]
    assert part.reason.endswith("1 of the files were not looked into")


def test_of_very_many_files_only_the_first_are_looked_into(monkeypatch):
    monkeypatch.setattr(written, "LOOKED_AT", 1)
    rows, part = output_rows(memory(a=b"a", b=b"b"), outputs_of("b", "a"))
    assert [(row["path"], row["size"], row["head"]) for row in rows] == [("a", 1, "YQ=="), ("b", 1, None)]
    assert "1 of the files were not looked into" in part.reason


def test_no_files_are_not_known_to_be_none():
    assert output_rows(memory(), [])[1].state is PartState.NOT_COLLECTED


def test_a_file_that_is_gone_since_is_not_known(tmp_path):
    (tmp_path / "a").write_text("a")
    store = open_store(tmp_path)
    (tmp_path / "a").unlink()
    [row], part = output_rows(store, outputs_of("a"))
    assert (row["size"], row["head"]) == (None, None)
    assert "not looked into" in part.reason
