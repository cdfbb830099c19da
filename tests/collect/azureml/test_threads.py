import threading
import time

import pytest

from diagnose.collect.azureml.threads import each, start


def test_work_that_was_started_has_a_result():
    assert start(lambda: 7).result(5) == 7


def test_what_breaks_in_a_thread_is_told_to_who_asks():
    broken = start(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        broken.result(5)


def test_a_thread_of_ours_never_keeps_the_program_alive():
    assert start(lambda: threading.current_thread().daemon).result(5)
    assert each(lambda _: threading.current_thread().daemon, [1], 1) == [True]


def test_the_results_come_in_the_order_of_the_items():
    assert each(lambda number: number * 2, range(50), 8) == [number * 2 for number in range(50)]


def test_of_nothing_nothing_comes():
    assert each(lambda _: 1, [], 8) == []


@pytest.mark.parametrize("at_once", [1, 3])
def test_no_more_is_done_at_once_than_was_said(at_once):
    gate, most, now = threading.Lock(), [0], [0]

    def work(_):
        with gate:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.002)
        with gate:
            now[0] -= 1

    each(work, range(12), at_once)
    assert most[0] <= at_once


def test_as_much_is_done_at_once_as_was_said():
    together = threading.Barrier(4, timeout=5)
    assert len(each(lambda _: together.wait(), range(4), 4)) == 4


def test_the_first_failure_in_the_order_of_the_items_is_raised():
    def work(number):
        if number in (3, 1):
            raise ValueError(number)

    with pytest.raises(ValueError, match="1"):
        each(work, range(5), 5)


def test_all_is_done_before_a_failure_is_raised():
    done = []

    def work(number):
        if number == 0:
            raise ValueError(number)
        time.sleep(0.02)
        done.append(number)

    with pytest.raises(ValueError, match="0"):
        each(work, range(3), 3)
    assert sorted(done) == [1, 2]
