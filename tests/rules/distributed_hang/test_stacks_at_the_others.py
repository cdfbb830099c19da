import pytest
from building import run_row
from judging import answer, completed, every, finding, points, verdict
from stacking import FORKED, MAIN, OUTSIDE, dump, stack

from diagnose.rule import Certainty
from diagnose.rules.distributed_hang.stacks_at_the_others import stacks_at_the_others

WORK = every(range(1, 20), "ronde {n}/90")
RECV = (("multiprocessing/connection.py", "_recv"), ("multiprocessing/connection.py", "recv"))
BARRIER = (("site-packages/torch/distributed/distributed_c10d.py", "barrier"), *MAIN)
LEFT = stack(1, *RECV, ("kiln.py", "left"), *FORKED)
RIGHT = stack(1, *RECV, ("kiln.py", "right"), *FORKED)


def test_a_main_thread_that_stays_in_a_barrier_waits_for_the_other_ranks():
    found = verdict(run_row(), logs=WORK + dump(stack(1, *BARRIER)) * 2)
    assert found == ("distributed-hang", "collective-never-returned", "supported")


def test_seen_once_it_is_a_suspicion():
    found = finding(stacks_at_the_others, run_row(), logs=WORK + dump(stack(1, *BARRIER)))
    assert found.certainty is Certainty.SUSPECTED


def test_processes_that_all_wait_at_their_pipes_wait_for_each_other():
    logs = WORK + (dump(LEFT) + dump(RIGHT)) * 2
    assert verdict(run_row(), logs=logs) == ("distributed-hang", "peers-wait", "supported")


def test_workers_at_one_place_may_wait_for_commands():
    assert answer(stacks_at_the_others, run_row(), logs=WORK + dump(LEFT) * 4) == "clear"


@pytest.mark.parametrize(
    "main",
    [
        (("kiln.py", "step"), *FORKED),
        (*RECV, ("multiprocessing/queues.py", "get"), ("kiln.py", "take"), *FORKED),
        (*RECV, ("multiprocessing/pool.py", "worker"), *FORKED),
        (
            ("multiprocessing/popen_fork.py", "wait"),
            ("multiprocessing/process.py", "join"),
            ("kiln.py", "up"),
            *FORKED,
        ),
    ],
)
def test_one_that_works_or_idles_by_design_leaves_it_open(main):
    logs = WORK + (dump(LEFT) + dump(RIGHT) + dump(stack(1, *main))) * 2
    assert answer(stacks_at_the_others, run_row(), logs=logs) == "clear"


def test_a_pipe_of_a_process_that_is_no_child_may_lead_anywhere():
    logs = WORK + dump(stack(1, *RECV, *MAIN)) * 2
    assert answer(stacks_at_the_others, run_row(), logs=logs) == "clear"


def test_a_rank_that_works_is_waited_for_as_it_should_be():
    logs = {
        "user_logs/std_log_process_0.txt": WORK + dump(stack(1, *MAIN)) * 2,
        "user_logs/std_log_process_1.txt": WORK + dump(stack(1, *BARRIER)) * 2,
    }
    assert answer(stacks_at_the_others, run_row(), logs=logs) == "clear"


def test_a_launcher_that_waits_for_its_ranks_is_none():
    launcher = (
        ("site-packages/torch/distributed/elastic/multiprocessing/api.py", "wait"),
        ("site-packages/torch/distributed/elastic/agent/server/api.py", "_monitor_workers"),
        ("site-packages/torch/distributed/run.py", "main"),
        ("<frozen runpy>", "_run_module_as_main"),
    )
    assert answer(stacks_at_the_others, run_row(), logs=WORK + dump(stack(1, *launcher)) * 2) == "clear"


def test_stacks_of_a_run_that_went_on_say_nothing():
    later = WORK + dump(stack(1, *BARRIER)) * 2 + every(range(30, 60), "ronde {n}/90")
    assert answer(stacks_at_the_others, run_row(), logs=later) == "not checked"


def test_metrics_that_still_come_prove_life():
    given = {"logs": WORK + dump(stack(1, *BARRIER)) * 2, "metrics": points(range(1, 360))}
    assert answer(stacks_at_the_others, run_row(), **given) == "clear"


def test_a_closed_run_is_not_held():
    assert answer(stacks_at_the_others, completed(), logs=WORK + dump(stack(1, *BARRIER)) * 2) == "clear"


def test_threads_beside_the_main_one_do_not_matter():
    beside = stack(2, ("kiln.py", "watch"), *OUTSIDE)
    found = finding(stacks_at_the_others, run_row(), logs=WORK + dump(beside, stack(1, *BARRIER)) * 2)
    assert found.certainty is Certainty.SUPPORTED


def test_without_stacks_nobody_looked():
    assert answer(stacks_at_the_others, run_row(), logs=WORK) == "not checked"
