import pytest
from building import iso
from judging import answer, blob, completed, finding, verdict

from diagnose.rule import Certainty
from diagnose.rules.unflushed_output.less_than_earlier_runs import less_than_earlier_runs

RUN = "0f9c2d7e-1111-4222-8333-444455556666"


def earlier(number, *blobs):
    return {
        "id": f"vroeger_{number}",
        "status": "Completed",
        "started_at": iso(-600 * number - 60),
        "ended_at": iso(-600 * number),
        "outputs": list(blobs),
    }


def left(run_id, *names, size=4096):
    return [{"output": "resultaat", "path": name.format(run_id), "size": size} for name in names]


HABIT = [
    earlier(1, *left("a1b2c3d4e5", "model_{}.bin", "verslag.pdf")),
    earlier(2, *left("f6a7b8c9d0", "model_{}.bin", "verslag.pdf")),
]


def test_what_every_earlier_run_left_and_this_one_did_not_is_a_suspicion():
    found = finding(
        less_than_earlier_runs, completed(), outputs=[blob(f"model_{RUN}.bin", 4096)], siblings=HABIT
    )
    assert found.certainty is Certainty.SUSPECTED
    assert "verslag.pdf" in found.headline
    assert "2 earlier runs" in found.headline


def test_far_fewer_bytes_than_ever_are_one_too():
    outputs = [blob(f"model_{RUN}.bin", 4096), blob("verslag.pdf", 100)]
    assert (
        "far smaller"
        in finding(less_than_earlier_runs, completed(), outputs=outputs, siblings=HABIT).headline
    )


@pytest.mark.parametrize(
    ("given", "siblings"),
    [
        ([blob(f"model_{RUN}.bin", 4096), blob("verslag.pdf", 3900)], HABIT),
        ([blob(f"model_{RUN}.bin", 4096)], HABIT[:1]),
        ([blob(f"model_{RUN}.bin", 4096)], [HABIT[0], earlier(2, *left("f6a7b8c9d0", "model_{}.bin"))]),
        ([blob("tabel.csv", 4096)], HABIT),
        (
            [blob("verslag.pdf", 100)],
            [earlier(1, *left("", "verslag.pdf")), earlier(2, *left("", "verslag.pdf", size=50_000))],
        ),
    ],
    ids=["the same", "one earlier run", "not all of them", "another program", "sizes that always differ"],
)
def test_what_makes_no_habit_accuses_nobody(given, siblings):
    assert answer(less_than_earlier_runs, completed(), outputs=given, siblings=siblings) == "clear"


def test_a_listing_that_is_not_whole_misses_nothing():
    given = {"outputs": [blob(f"model_{RUN}.bin", 4096)], "siblings": HABIT, "parts": {"outputs": "partial"}}
    assert answer(less_than_earlier_runs, completed(), **given) == "clear"


def test_without_earlier_runs_nothing_is_checked_and_nothing_left_open():
    assert answer(less_than_earlier_runs, completed(), outputs=[blob("verslag.pdf")]) == "not checked"
    assert verdict(completed(), logs="klaar\n", outputs=[blob("verslag.pdf")])[0] == "none"
