import pytest
from building import line, moment, run_row
from judging import answer, blob, completed, every, finding, points, record

from diagnose.rule import Certainty
from diagnose.rules.waiting_on_external.looks_again_later import looks_again_later

SOURCE = """
import time
def so():
    while not ledig():
        print("stativet är upptaget, ny titt om 10 min")
        time.sleep(600)
so()
arbeta()
"""
TEXT = "stativet är upptaget, ny titt om 10 min"
LOG = line(1, "tolv prover i kön") + every(range(2, 352, 10), TEXT)


def test_one_line_at_the_pause_that_it_states_is_a_wait_that_holds_the_run():
    told = record(run_row(), logs=LOG)
    assert (told["outcome"], told["cause"], told["certainty"]) == (
        "stuck",
        "waiting-on-external",
        "suspected",
    )


def test_the_loop_that_sleeps_makes_it_surer():
    found = finding(looks_again_later, run_row(), logs=LOG, code={"prov.py": SOURCE})
    assert found.certainty is Certainty.SUPPORTED
    assert [piece.source.line for piece in found.evidence if piece.kind == "code"] == [4]


@pytest.mark.parametrize("pause", ["600 s", "600s", "10 minuter", "10 Minuten", "600 секунд", "10分"])
def test_the_pause_may_be_said_in_many_ways(pause):
    log = every(range(2, 352, 10), f"upptaget, igen om {pause}")
    assert answer(looks_again_later, run_row(), logs=log) == "found"


@pytest.mark.parametrize(
    ("what", "log"),
    [
        ("a pause that is not its own", every(range(2, 352, 10), "upptaget, igen om 3 min")),
        ("no pause", every(range(2, 352, 10), "stativet lever")),
        ("a heartbeat that tells how long", every(range(2, 352, 10), "lever efter {n} min, igen om 10 min")),
        ("a counter", every(range(2, 352, 10), "prov {n}, nästa om 10 min")),
        ("a few times", every(range(312, 352, 10), TEXT)),
        ("no clock", (TEXT + "\n") * 40),
        ("something said after it", LOG + line(353, "stativet är ledigt, prov 1")),
    ],
)
def test_what_may_be_work_or_a_heartbeat_is_left_alone(what, log):
    assert answer(looks_again_later, run_row(), logs=log) == "clear", what


def test_a_run_that_has_made_something_since_does_not_wait():
    assert answer(looks_again_later, run_row(), logs=LOG, outputs=[blob("prov.bin", minute=90)]) == "clear"
    assert answer(looks_again_later, run_row(), logs=LOG, metrics=points([90, 91])) == "clear"


@pytest.mark.parametrize(
    "source",
    [
        SOURCE.replace("so()\narbeta", "Thread(target=so).start()\narbeta"),
        SOURCE.replace("time.sleep(600)", "mät()"),
        "arbeta()\n",
    ],
)
def test_a_voice_beside_the_work_is_no_wait(source):
    assert answer(looks_again_later, run_row(), logs=LOG, code={"prov.py": source}) == "clear"


def test_a_run_that_has_ended_waits_for_nothing():
    assert answer(looks_again_later, completed(), logs=LOG) == "clear"


def test_a_quarter_of_an_hour_is_no_wait_yet():
    log = every(range(2, 22, 2), "upptaget, ny titt om 2 min")
    assert answer(looks_again_later, run_row(), logs=log, captured_at=moment(22)) == "clear"
