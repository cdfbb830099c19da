import itertools

import pytest
from building import fact, iso, missing

from diagnose.evidence.processes import Processes


def process(pid=10, **fields):
    return {
        "pid": pid,
        "parent_pid": 1,
        "name": "python",
        "started_at": iso(pid / 10),
        "seen_at": iso(60),
        **fields,
    }


def one(**fields):
    [found] = fact(Processes, processes=[process(**fields)]).all
    return found


@pytest.mark.parametrize(
    "state", ["S", "R+", "Sl", "D", "T", "sleeping", "S (sleeping)", "disk-sleep", None, "", 5]
)
def test_a_process_lives_unless_something_says_that_it_ended(state):
    assert one(state=state).is_alive


@pytest.mark.parametrize(
    "state", ["Z", "Z+", "Zs", "Zl+", "X", "zombie", "Z (zombie)", "<defunct>", "Terminated"]
)
def test_a_zombie_has_ended(state):
    assert not one(state=state).is_alive


@pytest.mark.parametrize("end", [{"ended_at": iso(5)}, {"exit_code": 0}, {"exit_code": -9}])
def test_an_end_or_an_exit_code_ends_a_process(end):
    assert not one(state="S", **end).is_alive


def test_of_two_looks_at_one_process_the_later_counts():
    looks = [process(state="S", seen_at=iso(1)), process(state="Z", seen_at=iso(2))]
    for order in itertools.permutations(looks):
        assert [p.state for p in fact(Processes, processes=order).all] == ["Z"]


def test_a_number_used_again_is_another_process():
    assert len(fact(Processes, processes=[process(started_at=iso(1)), process(started_at=iso(9))]).all) == 2


@pytest.mark.parametrize("pid", [None, -1, "10", True, 1.5, 1 << 70])
def test_what_has_no_process_id_is_passed_over(pid):
    assert [p.pid for p in fact(Processes, processes=[process(10) | {"pid": pid}, process(11)]).all] == [11]


def test_the_main_process_is_the_oldest_that_no_other_started():
    rows = [process(30, parent_pid=20), process(20, parent_pid=1), process(25, parent_pid=1)]
    for order in itertools.permutations(rows):
        assert fact(Processes, processes=order).main.pid == 20


def test_processes_that_started_each_other_still_have_an_oldest():
    rows = [process(20, parent_pid=30), process(30, parent_pid=20), process(40, parent_pid=40)]
    assert fact(Processes, processes=rows).main.pid == 20


def test_an_empty_table_is_no_proof_that_nothing_ran():
    assert missing(Processes, processes=[]) == "no process was listed"


def test_what_nobody_could_see_is_missing():
    assert missing(Processes) == "nobody could see the processes of the node"
