import base64
import itertools

import pytest
from building import bundle_of, fact, iso, missing, moment

from diagnose.evidence.outputs import ARTIFACTS, Outputs, frame


def blob(path, size=10, output="model", **fields):
    return {"output": output, "path": path, "size": size, "modified_at": iso(1), "committed": True, **fields}


def one(path="model.bin", **fields):
    [found] = fact(Outputs, outputs=[blob(path, **fields)]).all
    return found


def names(*rows):
    return [found.path for found in fact(Outputs, outputs=rows).all]


def test_blobs_come_by_output_and_path_whatever_their_order():
    rows = [blob("b"), blob("a"), blob("z", output="data")]
    assert fact(Outputs, outputs=rows) == fact(Outputs, outputs=rows[::-1])


def test_a_blob_listed_twice_is_one_blob_and_the_newer_record_counts():
    rows = [blob("a", 5, modified_at=iso(9)), blob("a", 3, modified_at=iso(2))]
    for order in itertools.permutations(rows):
        assert [found.size for found in fact(Outputs, outputs=order).all] == [5]


@pytest.mark.parametrize("path", ["epoch_3", "deep/epoch_3", "epoch_3/"])
def test_an_empty_blob_that_stands_for_a_folder_is_no_output(path):
    assert names(blob(path, 0), blob(f"{path.rstrip('/')}/w.bin")) == [f"{path.rstrip('/')}/w.bin"]


def test_an_empty_file_beside_others_is_an_output():
    assert names(blob("_SUCCESS", 0), blob("_SUCCESS.crc")) == ["_SUCCESS", "_SUCCESS.crc"]


def test_a_blob_with_bytes_is_an_output_even_where_a_folder_has_its_name():
    assert names(blob("a", 7), blob("a/b")) == ["a", "a/b"]


def test_a_blob_of_the_same_name_in_another_output_makes_no_folder():
    assert names(blob("a", 0), blob("a/b", output="data")) == ["a/b", "a"]


def test_a_blob_without_a_path_is_passed_over():
    assert names({"size": 3}, blob(""), blob(None), blob(["x"])) == []


@pytest.mark.parametrize("size", [-1, "10", None, 1.5, True, 1 << 70])
def test_a_size_that_is_none_is_unknown_and_not_empty(size):
    found = one(size=size)
    assert (found.size, found.is_empty) == (None, False)


def test_uncommitted_blocks_are_neither_empty_nor_written():
    found = one(size=0, committed=False, uncommitted_bytes=4_194_304)
    assert (found.is_uncommitted, found.is_empty) == (True, False)


@pytest.mark.parametrize("word", ["false", 0, None])
def test_nobody_looked_is_not_uncommitted(word):
    assert not one(committed=word).is_uncommitted


def test_what_the_capture_found_counts_more_than_head_and_tail():
    found = one(integrity={"format": "safetensors", "state": "truncated", "detail": "short"})
    assert (found.integrity.state, found.integrity.detail) == ("truncated", "short")


@pytest.mark.parametrize("seen", [{"state": "splendid"}, {"state": "unknown"}, "truncated", None, []])
def test_what_the_capture_could_not_tell_is_judged_by_the_bytes(seen):
    assert one(integrity=seen).looked_at is None


def test_head_and_tail_are_bytes():
    found = one(head=base64.b64encode(b"\x89PNG").decode(), tail="no base64!")
    assert (found.head, found.tail) == (b"\x89PNG", None)


def test_logs_among_the_artifacts_are_no_results():
    rows = [
        blob(path, output=ARTIFACTS)
        for path in ("user_logs/std_log.txt", "outputs/logs/x", "logs/tb", "outputs/m")
    ]
    assert [b.path for b in fact(Outputs, outputs=rows).results] == ["outputs/logs/x", "outputs/m"]


def test_a_folder_called_logs_in_a_named_output_is_a_result():
    assert len(fact(Outputs, outputs=[blob("logs/events", output="board")]).results) == 1


def test_an_output_without_a_name_is_among_the_artifacts():
    assert one(output=None).output == ARTIFACTS


def test_the_last_write_is_that_of_a_result():
    rows = [blob("m"), blob("user_logs/a", output=ARTIFACTS, modified_at=iso(9)), blob("n", modified_at=None)]
    assert fact(Outputs, outputs=rows).last_at == moment(1)


def test_a_denied_listing_is_missing_and_not_empty():
    assert missing(Outputs, parts={"outputs": "denied"}) == "the listing of the outputs is denied"


def test_an_empty_complete_listing_says_that_nothing_was_written():
    found = fact(Outputs, outputs=[])
    assert (found.all, found.is_complete, found.last_at) == ((), True, None)


def test_a_frame_has_every_blob():
    table = frame(bundle_of(outputs=[blob("b"), blob("a", None, modified_at="never")]))
    assert (list(table["path"]), list(table["size"].isna()), list(table["modified_at"].isna())) == (
        ["a", "b"],
        [True, False],
        [True, False],
    )


def test_a_frame_of_hostile_rows_has_gaps_and_no_error():
    rows = [blob("a", 1 << 80), {"path": "b", "created_at": "9999-99-99"}, {}]
    assert list(frame(bundle_of(outputs=rows))["size"].isna()) == [True, True]
