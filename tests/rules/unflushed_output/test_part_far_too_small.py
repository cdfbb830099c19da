import base64

import pytest
from judging import answer, blob, completed, finding, verdict

from diagnose.rules.unflushed_output.part_far_too_small import part_far_too_small

LOG = "bắt đầu\nxong\n"


def row(*sizes, template="khối_{}.f32", **fields):
    return [blob(template.format(n), size, **fields) for n, size in enumerate(sizes)]


EVEN = (80_000, 81_000, 79_000, 80_500, 80_000, 80_200)
SHORT = (80_000, 81_000, 9_000, 80_500, 80_000, 80_200)


def told(rows, run=None):
    return answer(part_far_too_small, run or completed(), outputs=rows)


def test_one_part_that_is_a_fraction_of_its_even_siblings_is_suspected():
    found = verdict(completed(), logs=LOG, outputs=row(*SHORT))
    assert found == ("unflushed-output", "part-far-too-small", "suspected")


def test_a_writer_that_nothing_closes_is_another_witness():
    code = {"ghi.py": "import os\nfile = open(f'khối_{n}.f32', 'wb')\nfile.write(b'1')\nos._exit(0)\n"}
    found = verdict(completed(), logs=LOG, outputs=row(*SHORT), code=code)
    assert found == ("unflushed-output", "part-far-too-small", "supported")


def test_what_it_should_hold_is_asked_for():
    assert finding(part_far_too_small, completed(), outputs=row(*SHORT)).missing


@pytest.mark.parametrize(
    "sizes",
    [
        EVEN,
        (*EVEN, 900),  # the last holds the rest
        (80_000, 30_000, 9_000, 150_000, 80_000, 500),
        (80_000, 81_000, 40_000, 80_500, 80_000, 80_200),
        (80_000, 9_000, 80_000),
        (800, 810, 90, 805, 800, 802),
        (80_000, 81_000, 0, 80_500, 80_000, 80_200),
    ],
)
def test_even_rows_last_parts_and_sizes_that_vary_are_none(sizes):
    assert told(row(*sizes)) == "clear"


def test_a_part_that_its_bytes_show_to_be_whole_is_so_however_small():
    table = base64.b64encode(b"a,b\n1,2\n3,4\n").decode()
    rows = [{**each, "path": each["path"].replace("f32", "csv")} for each in row(*SHORT)]
    rows[2] |= {"size": 12, "head": table, "tail": table}
    assert told(rows) == "clear"


def test_checkpoints_and_parts_of_open_runs_are_another_matter():
    assert told(row(*SHORT, template="checkpoint_{}.bin")) == "clear"
    assert told(row(*SHORT), run={"id": "r", "status": "Running"}) == "clear"


VARIED = (80_000, 90_000, 9_000, 74_000, 83_000, 80_200)


def test_sizes_that_differ_by_more_than_a_little_need_a_loose_writer_of_such_files():
    assert told(row(*VARIED)) == "clear"
    loose = "import os\nfile = open(f'{}_1', 'wb')\nfile.write(b'1')\nos._exit(0)\n"
    for name, expected in (("khối", "found"), ("báo", "clear")):
        code = {"ghi.py": loose.format(name)}
        assert answer(part_far_too_small, completed(), outputs=row(*VARIED), code=code) == expected
