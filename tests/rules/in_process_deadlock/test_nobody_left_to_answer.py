import pytest
from building import run_row
from judging import answer, completed, every, finding, points, verdict
from stacking import MAIN, OUTSIDE, WAIT, dump, stack

from diagnose.rule import Certainty
from diagnose.rules.in_process_deadlock.nobody_left_to_answer import nobody_left_to_answer

WORK = every(range(1, 20), "Ofen {n}/90")
FULL = stack(3, WAIT, ("queue.py", "put"), *MAIN)
EMPTY = stack(3, WAIT, ("queue.py", "get"), *MAIN)
IDLE = stack(1, ("concurrent/futures/thread.py", "_worker"), *OUTSIDE)


def test_a_full_queue_that_nobody_empties_is_a_deadlock():
    found = verdict(run_row(), logs=WORK + dump(FULL) * 2)
    assert found == ("in-process-deadlock", "queue-full", "supported")


def test_idle_threads_of_a_pool_will_not_fill_an_empty_one():
    assert (
        finding(nobody_left_to_answer, run_row(), logs=WORK + dump(IDLE, EMPTY) * 2).mechanism
        == "queue-empty"
    )


def test_a_sampler_writes_it_in_other_words():
    told = (
        'Thread 41 (idle): "MainThread"\n    wait (threading.py:320)\n    join (queue.py:90)\n    main (kiln.py:30)\n'
        'Thread 42 (idle): "Thread-1"\n    wait (threading.py:320)\n    get (queue.py:171)\n    take (kiln.py:12)\n    run (threading.py:982)\n'
    )
    found = finding(nobody_left_to_answer, run_row(), logs=WORK + told)
    assert (found.mechanism, found.certainty) == ("queue-not-done", Certainty.SUSPECTED)


@pytest.mark.parametrize(
    "other",
    [
        (("kiln.py", "take"), *OUTSIDE),
        (("socket.py", "readinto"), ("http/client.py", "_read_status"), ("kiln.py", "ask"), *OUTSIDE),
        (("subprocess.py", "wait"), ("kiln.py", "call"), *OUTSIDE),
        (
            ("multiprocessing/connection.py", "_recv"),
            ("multiprocessing/pool.py", "_handle_results"),
            *OUTSIDE,
        ),
        (("selectors.py", "select"), ("asyncio/base_events.py", "_run_once"), *OUTSIDE),
    ],
)
def test_a_thread_that_may_yet_answer_leaves_it_open(other):
    assert answer(nobody_left_to_answer, run_row(), logs=WORK + dump(stack(2, *other), FULL) * 2) == "clear"


@pytest.mark.parametrize(
    "main",
    [
        MAIN,
        (("threading.py", "_wait_for_tstate_lock"), ("threading.py", "join"), *MAIN),
        (WAIT, ("concurrent/futures/_base.py", "result"), *MAIN),
        (
            WAIT,
            ("queue.py", "get"),
            ("site-packages/torch/utils/data/dataloader.py", "_try_get_data"),
            *MAIN,
        ),
        (("subprocess.py", "_wait"), ("subprocess.py", "wait"), *MAIN),
        (("multiprocessing/connection.py", "_recv"), ("multiprocessing/queues.py", "get"), *MAIN),
    ],
)
def test_work_and_waits_for_children_tasks_and_loaders_are_none(main):
    assert answer(nobody_left_to_answer, run_row(), logs=WORK + dump(stack(3, *main)) * 2) == "clear"


def test_an_event_may_be_set_by_a_signal():
    event = stack(3, WAIT, WAIT, *MAIN)
    found = finding(nobody_left_to_answer, run_row(), logs=WORK + dump(event) * 3)
    assert (found.mechanism, found.certainty) == ("event-never-set", Certainty.SUSPECTED)


def test_once_and_then_silence_is_a_suspicion():
    found = finding(nobody_left_to_answer, run_row(), logs=WORK + dump(FULL))
    assert found.certainty is Certainty.SUSPECTED


def test_once_and_a_moment_ago_is_nothing():
    fresh = every(range(1, 359), "Ofen {n}/900") + dump(FULL)
    assert answer(nobody_left_to_answer, run_row(), logs=fresh) == "clear"


def test_words_between_the_dumps_are_a_run_that_goes_on():
    spoken = WORK + dump(FULL) + every([330], "Ofen 21/90") + dump(FULL)
    assert finding(nobody_left_to_answer, run_row(), logs=spoken).certainty is Certainty.SUSPECTED


def test_stacks_of_a_run_that_went_on_say_nothing():
    later = WORK + dump(FULL) * 2 + every(range(30, 60), "Ofen {n}/90")
    assert answer(nobody_left_to_answer, run_row(), logs=later) == "not checked"


def test_metrics_that_still_come_prove_life():
    given = {"logs": WORK + dump(FULL) * 2, "metrics": points(range(1, 360))}
    assert answer(nobody_left_to_answer, run_row(), **given) == "clear"


def test_a_closed_run_is_not_held():
    assert answer(nobody_left_to_answer, completed(), logs=WORK + dump(FULL) * 2) == "clear"


def test_a_log_alone_may_say_it_too():
    found = verdict(run_row(None), logs=WORK + dump(FULL) * 2)
    assert found == ("in-process-deadlock", "queue-full", "supported")


def test_a_thread_that_died_before_is_the_earlier_cause():
    died = "Exception in thread Thread-1 (take):\nTraceback (most recent call last):\n  File \"kiln.py\", line 9, in take\nKeyError: 'Ton'\n"
    told = finding(nobody_left_to_answer, run_row(), logs=WORK + died + dump(FULL) * 2)
    assert told.certainty is Certainty.SUSPECTED


def test_without_stacks_nobody_looked():
    assert answer(nobody_left_to_answer, run_row(), logs=WORK) == "not checked"


FUTURE = (WAIT, ("concurrent/futures/_base.py", "result"))
WORKER = (("concurrent/futures/thread.py", "run"), ("concurrent/futures/thread.py", "_worker"), *OUTSIDE)
TASK = stack(1, *FUTURE, ("kiln.py", "bake"), *WORKER)
WAITS_FOR_TASK = stack(9, *FUTURE, *MAIN)


def test_workers_that_wait_for_tasks_of_their_pool_leave_none_to_do_them():
    log = WORK + dump(TASK, stack(2, *FUTURE, ("kiln.py", "bake"), *WORKER), WAITS_FOR_TASK) * 2
    found = verdict(run_row(), logs=log)
    assert found == ("in-process-deadlock", "pool-waits-for-itself", "supported")


@pytest.mark.parametrize(
    "other",
    [
        (("kiln.py", "bake"), *WORKER),
        (
            ("multiprocessing/connection.py", "wait"),
            ("concurrent/futures/process.py", "wait_result_broken_or_wakeup"),
            *OUTSIDE,
        ),
        (("socket.py", "readinto"), ("http/client.py", "_read_status"), ("kiln.py", "ask"), *WORKER),
    ],
)
def test_one_that_works_may_yet_come_to_the_tasks(other):
    log = WORK + dump(TASK, stack(2, *other), WAITS_FOR_TASK) * 2
    assert answer(nobody_left_to_answer, run_row(), logs=log) == "clear"


def test_idle_workers_beside_a_wait_for_a_future_are_another_pool():
    assert answer(nobody_left_to_answer, run_row(), logs=WORK + dump(IDLE, WAITS_FOR_TASK) * 2) == "clear"
