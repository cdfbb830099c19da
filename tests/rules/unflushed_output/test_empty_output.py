import pytest
from building import run_row
from judging import answer, blob, cause, completed, every, failed, finding, verdict

from diagnose.rule import Certainty
from diagnose.rules.unflushed_output.empty_output import empty_output

LOG = "začátek\nhotovo\n"
SOURCE = {"main.py": "print(1)\n"}


def test_a_file_that_cannot_be_empty_and_is_was_never_written():
    found = verdict(
        completed(), logs=LOG, outputs=[blob("vektory.parquet", 0), blob("mapa.png")], code=SOURCE
    )
    assert found == ("unflushed-output", "empty-output", "established")


@pytest.mark.parametrize(
    "name",
    ["_SUCCESS", ".gitkeep", "__init__.py", "zamek.lock", "errors.txt", "stderr", "rejected.csv", "py.typed"],
)
def test_files_that_are_empty_on_purpose_are_none(name):
    assert answer(empty_output, completed(), outputs=[blob(name, 0), blob("mapa.png")]) == "clear"


def test_a_format_in_which_no_byte_is_an_empty_list_is_suspected():
    found = finding(empty_output, completed(), outputs=[blob("zprava.csv", 0), blob("mapa.png")])
    assert found.certainty is Certainty.SUSPECTED


def test_a_full_sibling_says_that_it_should_hold_something():
    rows = [blob("zprava_1.csv", 0), blob("zprava_2.csv"), blob("zprava_3.csv")]
    assert finding(empty_output, completed(), outputs=rows).certainty is Certainty.ESTABLISHED


def test_a_log_that_counts_none_of_it_explains_the_empty_list():
    given = {"logs": "0 anomalies found\n", "outputs": [blob("anomalies.jsonl", 0), blob("mapa.png")]}
    assert answer(empty_output, completed(), **given) == "clear"


def test_siblings_that_are_all_empty_may_be_what_was_asked_for():
    rows = [blob(f"znacka_{n}.bin", 0) for n in range(5)]
    assert answer(empty_output, completed(), outputs=rows) == "clear"


def test_a_marker_of_a_folder_is_no_output():
    assert answer(empty_output, completed(), outputs=[blob("model", 0), blob("model/v.bin")]) == "clear"


@pytest.mark.parametrize("run", [run_row(), failed()])
def test_a_run_that_was_not_closed_as_completed_may_still_write(run):
    assert answer(empty_output, run, outputs=[blob("vektory.parquet", 0)]) == "clear"


def test_without_the_log_an_earlier_cause_cannot_be_excluded():
    assert cause(completed(), outputs=[blob("vektory.parquet", 0)]) == "inconclusive"


def test_without_a_listing_nobody_looked():
    assert answer(empty_output, completed(), parts={"outputs": "denied"}) == "not checked"


def test_a_log_that_says_that_the_file_is_empty_explains_it():
    given = {"logs": "mezery.parquet is empty\n", "outputs": [blob("mezery.parquet", 0), blob("mapa.png")]}
    assert answer(empty_output, completed(), **given) == "clear"


def test_a_numbered_name_in_the_log_counts_nothing():
    outputs = [blob(f"dag_{n}.parquet", 0 if n == 4 else 512) for n in range(6)]
    log = every(range(6), "dag {n}")
    assert answer(empty_output, completed(), logs=log, outputs=outputs) == "found"


def test_an_empty_list_of_which_the_log_says_none_is_an_answer():
    assert (
        answer(empty_output, completed(), logs="rejects: none\n", outputs=[blob("rejects.csv", 0)]) == "clear"
    )
