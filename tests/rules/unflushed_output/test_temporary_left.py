import pytest
from building import run_row
from judging import answer, blob, cause, completed, verdict

from diagnose.rules.unflushed_output.temporary_left import temporary_left

LOG = "startar\nklart\n"


@pytest.mark.parametrize(
    "name",
    [
        "vikter.bin.tmp",
        "tabell.csv.partial",
        "vikter.pt.part",
        ".~tabell.xlsx",
        "_temporary/0/part-0.parquet",
    ],
)
def test_a_temporary_name_without_its_final_one_was_never_renamed(name):
    found = verdict(completed(), logs=LOG, outputs=[blob(name), blob("annat.bin")])
    assert found == ("unflushed-output", "temporary-left", "supported")


@pytest.mark.parametrize(
    "names", [("vikter.bin.tmp", "vikter.bin"), ("d/_temporary/0/part-0.parquet", "d/_SUCCESS")]
)
def test_a_temporary_file_beside_its_final_one_says_nothing(names):
    assert answer(temporary_left, completed(), outputs=[blob(name) for name in names]) == "clear"


@pytest.mark.parametrize("name", ["mean_temperature", "temperaturer.csv", "tmpl.html", "attempt_3.json"])
def test_a_name_in_which_tmp_is_part_of_a_word_is_none(name):
    assert cause(completed(), logs=LOG, outputs=[blob(name)]) == "none"


def test_the_volumes_of_a_split_archive_are_none():
    rows = [blob(f"vikter.bin.part{n:02d}") for n in range(3)]
    assert answer(temporary_left, completed(), outputs=rows) == "clear"


def test_a_final_file_in_another_output_is_not_its_own():
    rows = [blob("vikter.bin.tmp"), blob("vikter.bin", output="annan")]
    assert answer(temporary_left, completed(), outputs=rows) == "found"


def test_an_open_run_may_still_rename_it():
    assert answer(temporary_left, run_row(), outputs=[blob("vikter.bin.tmp")]) == "clear"


def test_a_listing_that_is_not_complete_may_hide_the_final_one():
    given = {"outputs": [blob("vikter.bin.tmp")], "parts": {"outputs": "partial"}}
    assert answer(temporary_left, completed(), **given) == "clear"


def test_without_a_listing_nobody_looked():
    assert answer(temporary_left, completed(), logs=LOG) == "not checked"
