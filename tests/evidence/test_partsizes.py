from building import fact
from judging import blob

from diagnose.evidence.outputs import Outputs
from diagnose.evidence.partsizes import small_parts


def small(rows):
    return [part.blob.path for part in small_parts(fact(Outputs, outputs=rows).all)]


def test_the_small_one_of_an_even_row_and_only_that():
    rows = [blob(f"a/part-{n}-of-8.bin", 50_000 if n != 3 else 4_000) for n in range(8)]
    assert small(rows) == ["a/part-3-of-8.bin"]


def test_two_small_ones_make_a_row_uneven():
    rows = [blob(f"part-{n}.bin", 4_000 if n in (2, 3) else 50_000) for n in range(8)]
    assert small(rows) == []


def test_rows_are_of_one_folder_and_one_output():
    rows = [blob(f"f{n}/part.bin", 50_000 if n else 400) for n in range(8)]
    assert small(rows) == []


def test_blobs_of_unknown_size_or_without_a_number_are_in_no_row():
    rows = [blob(f"part-{n}.bin", None) for n in range(8)] + [blob("whole.bin", 5)]
    assert small(rows) == []
