import pytest
from building import iso, run_row
from judging import answer, blob, completed, every, finding

from diagnose.rule import Certainty
from diagnose.rules.silent_error.item_left_out import item_left_out
from diagnose.rules.unflushed_output.fewer_than_the_source_writes import fewer_than_the_source_writes

LOG = every(range(30), "khối {n} xong")
LOOP = """
import os
SO = 10
for khoi in range(SO):
    with open(os.path.join(thu_muc, f"khoi-{khoi:02d}.csv"), "w") as tep:
        tep.write(tinh(khoi))
"""
BESIDE = "import threading\nthreading.Thread(target=ghi, daemon=True).start()\n"


def made(numbers):
    return [blob(f"khoi-{n:02d}.csv", minute=n) for n in numbers]


def given(source=LOOP, numbers=range(6)):
    return {"outputs": made(numbers), "code": {"khoi.py": source}, "logs": LOG}


def test_a_row_that_breaks_off_before_the_source_ends_it_is_suspected():
    found = finding(fewer_than_the_source_writes, completed(), **given())
    assert (found.mechanism, found.certainty) == ("row-breaks-off", Certainty.SUSPECTED)
    assert found.subjects == {f"khoi-0{n}.csv" for n in range(6, 10)}


def test_a_thread_that_nobody_waits_for_supports_it():
    found = finding(fewer_than_the_source_writes, completed(), **given(LOOP + BESIDE))
    assert found.certainty is Certainty.SUPPORTED


@pytest.mark.parametrize(
    "source",
    [
        "for khoi in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9):\n    (thu_muc / f'khoi-{khoi:02d}.csv').write_text(tinh(khoi))\n",
        "TEN = [f'khoi-{n:02d}' for n in range(10)]\nfor ten in TEN:\n    bang.to_csv(f'{thu_muc}/{ten}.csv')\n".replace(
            "{thu_muc}/", ""
        ),
        "def ghi(khoi):\n    with open(f'ra/khoi-{khoi:02d}.csv', 'w') as tep:\n        tep.write('x')\nwith Pool(2) as p:\n    p.map(ghi, range(10))\n",
        "async def ghi(khoi, cho):\n    async with cho:\n        open(f'khoi-{khoi:02d}.csv', 'x').close()\nawait gather(*(ghi(n, cho) for n in range(10)))\n",
    ],
)
def test_the_row_may_be_written_in_other_ways(source):
    assert answer(fewer_than_the_source_writes, completed(), **given(source)) == "found"


@pytest.mark.parametrize(
    ("what", "source"),
    [
        (
            "a condition",
            LOOP.replace("    with", "    if moi(khoi):\n     with").replace("        tep", "      tep"),
        ),
        ("a way out", LOOP + "    if xong(khoi):\n        break\n"),
        ("one that is passed over", LOOP.replace("    with", "    if cu(khoi): continue\n    with")),
        ("a bound that is given", LOOP.replace("SO = 10", "SO = int(sys.argv[1])")),
        ("files that are removed", LOOP + "os.remove(cu)\n"),
        ("files that are packed", LOOP + "import shutil\nshutil.make_archive('a', 'zip', 'a')\n"),
        ("files that are read", LOOP.replace('"w"', '"r"')),
        ("another name", LOOP.replace("khoi-{", "phan-{")),
        ("two values", LOOP.replace("{khoi:02d}", "{khoi:02d}-{lan}")),
    ],
)
def test_rows_that_need_not_be_whole_are_left_alone(what, source):
    assert answer(fewer_than_the_source_writes, completed(), **given(source)) == "clear", what


@pytest.mark.parametrize("numbers", [range(10), [], [0, 1, 2, 3, 4, 5, 6, 8, 9], [4, 5]])
def test_a_row_that_is_whole_or_none_or_has_a_gap_does_not_break_off(numbers):
    assert answer(fewer_than_the_source_writes, completed(), **given(numbers=numbers)) == "clear"


def test_a_gap_where_a_failure_is_lost_is_an_item_left_out():
    towns = ("Huế", "Vinh", "Lào Cai", "Mỹ Tho", "Cà Mau", "Sa Đéc")
    source = (
        f"for noi in {towns}:\n    with open(f'{{noi}}.csv', 'w') as tep:\n        tep.write(tinh(noi))\n"
    )
    lost = "try:\n    tinh(0)\nexcept Exception:\n    pass\n"
    made = {"outputs": [blob(f"{town}.csv") for town in towns if town != "Vinh"], "logs": LOG}
    assert answer(item_left_out, completed(), **made, code={"noi.py": source}) == "clear"
    found = finding(item_left_out, completed(), **made, code={"noi.py": source + lost})
    assert (found.subjects, found.certainty) == ({"Vinh.csv"}, Certainty.SUPPORTED)
    assert answer(item_left_out, completed(), **given(LOOP + lost, [0, 1, 2, 3, 4, 5, 6, 8, 9])) == "clear"


def test_an_open_run_is_still_writing():
    assert answer(fewer_than_the_source_writes, run_row(), **given()) == "clear"
    assert answer(fewer_than_the_source_writes, run_row("Failed", ended_at=iso(60)), **given()) == "clear"
    assert (
        answer(fewer_than_the_source_writes, completed(), **given(), parts={"outputs": "partial"})
        == "not checked"
    )
