import base64

import pytest
from building import run_row
from judging import answer, blob, cause, completed, failed, verdict

from diagnose.rules.unflushed_output.truncated_output import truncated_output

LOG = "partenza\ntermine\n"
SOURCE = {"main.py": "print(1)\n"}


def bytes_of(path, head, tail, size=90_000):
    told = {"head": base64.b64encode(head).decode(), "tail": base64.b64encode(tail).decode()}
    return blob(path, size, **told)


CUT = bytes_of("pesi.parquet", b"PAR1" + b"\x15" * 90, b"\x07" * 94)
WHOLE = bytes_of("pesi.parquet", b"PAR1" + b"\x15" * 90, b"\x07" * 86 + b"\x20\0\0\0PAR1")


def test_a_file_without_the_end_that_its_format_demands_breaks_off():
    found = verdict(completed(), logs=LOG, outputs=[CUT], code=SOURCE)
    assert found == ("unflushed-output", "truncated-parquet", "established")


def test_a_whole_file_does_not():
    assert answer(truncated_output, completed(), outputs=[WHOLE]) == "clear"


@pytest.mark.parametrize(
    ("path", "head"),
    [("note.txt", b"una riga"), ("dati.gz", b"\x1f\x8b\x08\0"), ("vettori.bin", b"\0" * 94)],
)
def test_a_format_whose_end_proves_nothing_accuses_nobody(path, head):
    assert answer(truncated_output, completed(), outputs=[bytes_of(path, head, head)]) == "clear"


def test_bytes_that_are_a_whole_file_of_another_format_are_whole():
    assert answer(truncated_output, completed(), outputs=[{**WHOLE, "path": "pesi.zip"}]) == "clear"


def test_bytes_that_were_not_read_are_unknown_and_not_cut():
    assert answer(truncated_output, completed(), outputs=[blob("pesi.parquet", 90_000)]) == "clear"


@pytest.mark.parametrize("run", [run_row(), failed()])
def test_a_file_of_a_run_that_did_not_complete_may_still_be_written(run):
    assert answer(truncated_output, run, outputs=[CUT]) == "clear"


def test_without_the_log_an_earlier_cause_cannot_be_excluded():
    assert cause(completed(), outputs=[CUT], parts={"logs": "denied"}) == "inconclusive"


def test_without_a_listing_nobody_looked():
    assert answer(truncated_output, completed(), logs=LOG) == "not checked"
