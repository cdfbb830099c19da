import pytest
from building import WRAPPER, line, run_row
from judging import answer, completed, every, failed, finding, points, verdict

from diagnose.rules.unflushed_metrics.metric_flush_failed import metric_flush_failed

WORK = every(range(1, 40), "bước {n}")
GAVE_UP = line(40, "Failed to flush task queue within 120 seconds")


@pytest.mark.parametrize(
    "words",
    [
        "Failed to flush task queue within 120.5 seconds",
        "Could not clean up all items! Data loss might occur! 14 items left",
        "flush of metrics timed out",
        "ERROR mlflow.utils.async_logging.async_logging_queue: Run Id 0a: Failed to log run data: Exception: API request failed",
        "ERROR mlflow.utils.async_logging.async_logging_queue: Failed to submit batch for logging: cannot schedule new futures after shutdown. Usually this means",
    ],
)
def test_the_clients_own_admission_establishes_it(words):
    found = verdict(completed(), logs=WORK + line(40, words))
    assert found == ("unflushed-metrics", "flush-timed-out", "established")


def test_the_runtimes_log_is_asked_too():
    assert answer(metric_flush_failed, completed(), logs={WRAPPER: GAVE_UP}) == "found"


def test_a_run_that_stays_open_and_silent_after_it_lost_them_too():
    assert answer(metric_flush_failed, run_row(), logs=WORK + GAVE_UP) == "found"


def test_what_the_service_holds_is_counted():
    pieces = finding(metric_flush_failed, completed(), logs=GAVE_UP, metrics=points(range(3))).evidence
    assert "The service holds 3 points." in [piece.summary for piece in pieces]


def test_a_run_whose_metrics_came_for_hours_after_it_got_over_it():
    log = WORK + GAVE_UP + every(range(41, 360), "bước {n}")
    assert answer(metric_flush_failed, run_row(), logs=log, metrics=points(range(360))) == "clear"


def test_a_flush_that_was_slow_and_came_to_its_end_lost_nothing():
    log = "Cleaning up all outstanding Run operations, waiting 900.0 seconds\nCleanup took 412.7 seconds\n"
    assert answer(metric_flush_failed, completed(), logs=WORK + log) == "clear"


def test_a_flush_that_ended_the_run_failed_in_the_open():
    assert verdict(failed(exit_code=1), logs=WORK + GAVE_UP)[0] == "loud-failure"


def test_without_logs_nobody_looked():
    assert answer(metric_flush_failed, completed(), metrics=points(range(3))) == "not checked"
