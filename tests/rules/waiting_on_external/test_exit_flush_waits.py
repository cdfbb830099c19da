import pytest
from building import DRIVER, moment, run_row
from judging import answer, completed, verdict

from diagnose.rules.waiting_on_external.exit_flush_waits import exit_flush_waits

CALLED = "[2026-11-20T08:00:30.85] Entering context manager injector.\nAfter variable expansion, calling script [ucz.py] with arguments:[]\n"
OVER = "[2026-11-20T08:10:00.1] The experiment completed successfully. Finalizing run...\n"
BEGAN = "Cleaning up all outstanding Run operations, waiting 300.0 seconds\n3 items cleaning up...\n"
LOG = {DRIVER: CALLED + OVER + BEGAN}


def test_a_cleanup_that_began_and_never_ended_waits_for_the_service():
    found = verdict(run_row("Finalizing"), logs=LOG)
    assert found == ("waiting-on-external", "exit-flush-waits", "supported")


@pytest.mark.parametrize("minutes", [11, 15, 19])
def test_a_wait_that_is_younger_than_twice_its_limit_is_no_finding(minutes):
    given = {"logs": LOG, "captured_at": moment(minutes)}
    assert answer(exit_flush_waits, run_row(), **given) == "clear"


@pytest.mark.parametrize("took", ["301.2", "1.9073486328125e-06"])
def test_a_cleanup_that_came_to_its_end_does_not_wait(took):
    log = {DRIVER: LOG[DRIVER] + f"Cleanup took {took} seconds\n"}
    assert answer(exit_flush_waits, run_row(), logs=log) == "clear"


def test_a_second_cleanup_after_the_end_of_the_first_waits():
    log = {DRIVER: CALLED + BEGAN + "Cleanup took 2.5 seconds\n" + OVER + BEGAN}
    assert answer(exit_flush_waits, run_row(), logs=log) == "found"


def test_a_client_that_gave_up_has_lost_and_no_longer_waits():
    log = {
        DRIVER: LOG[DRIVER]
        + "Could not clean up all items! Data loss might occur!\nCleanup took 300 seconds\n"
    }
    assert answer(exit_flush_waits, run_row(), logs=log) == "clear"


def test_a_flush_that_failed_waits_no_longer():
    log = {
        DRIVER: LOG[DRIVER]
        + "Traceback (most recent call last):\nFinished context manager injector with Exception.\n"
    }
    assert answer(exit_flush_waits, run_row(), logs=log) == "clear"


def test_a_log_whose_end_is_not_here_tells_of_no_wait():
    rows = {DRIVER: {"captured": "head", "omitted_bytes": 900}}
    assert answer(exit_flush_waits, run_row(), logs=LOG, log_rows=rows) == "clear"


def test_a_run_that_the_service_has_closed_waits_for_nothing():
    assert answer(exit_flush_waits, completed(), logs=LOG) == "clear"


def test_without_logs_nobody_looked():
    assert answer(exit_flush_waits, run_row()) == "not checked"
