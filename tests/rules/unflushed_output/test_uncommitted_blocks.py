import pytest
from building import run_row
from judging import answer, blob, completed, failed, finding, verdict

from diagnose.rules.unflushed_output.uncommitted_blocks import uncommitted_blocks

LOG = "começo\nfim\n"
SOURCE = {"main.py": "print(1)\n"}
LOOSE = blob("tensor.bin", 0, committed=False, uncommitted_bytes=4096)


def test_blocks_that_nobody_committed_cannot_be_read():
    found = verdict(completed(), logs=LOG, outputs=[LOOSE], code=SOURCE)
    assert found == ("unflushed-output", "uncommitted-blocks", "established")


def test_a_writer_that_nothing_closes_is_pointed_at():
    code = {"grava.py": 'escritor = open("/saida/tensor.bin", "wb")\nescritor.write(b"x")\n'}
    pieces = finding(uncommitted_blocks, completed(), outputs=[LOOSE], code=code).evidence
    assert [piece.source.line for piece in pieces if piece.kind == "code"] == [1]


@pytest.mark.parametrize("fields", [{"committed": True, "uncommitted_bytes": 4096}, {"committed": None}])
def test_a_committed_blob_that_is_written_anew_can_be_read(fields):
    assert answer(uncommitted_blocks, completed(), outputs=[{**LOOSE, **fields}]) == "clear"


@pytest.mark.parametrize("run", [run_row(), failed()])
def test_in_a_run_that_is_open_this_is_how_every_writer_looks(run):
    assert answer(uncommitted_blocks, run, outputs=[LOOSE]) == "clear"


def test_without_a_listing_nobody_looked():
    assert answer(uncommitted_blocks, completed(), logs=LOG) == "not checked"
