import pytest
from building import LIFECYCLER, STD_LOG, WRAPPER, moment, run_row
from judging import answer, blob, every, execution_ended, exited, finding, runtime, spawned, verdict

from diagnose.rule import Certainty
from diagnose.rules.service_side.status_contradicts_process import status_contradicts_process

WORK = every(range(1, 10), "ciclo {n}")
ENDED = {STD_LOG: WORK, WRAPPER: spawned() + exited(10) + execution_ended(10)}


def test_a_run_whose_execution_ended_hours_ago_and_is_open_is_service_side():
    assert verdict(run_row(), logs=ENDED) == ("service-side", "status-not-updated", "supported")


def test_it_is_never_established():
    found = finding(status_contradicts_process, run_row(), logs=ENDED)
    assert found.at_most is Certainty.SUPPORTED


def test_finalizing_is_the_time_in_which_outputs_are_collected():
    assert answer(status_contradicts_process, run_row("Finalizing"), logs=ENDED) == "clear"


@pytest.mark.parametrize("minutes", [11, 20, 35])
def test_minutes_after_the_exit_the_status_may_still_follow(minutes):
    given = {"logs": ENDED, "captured_at": moment(minutes)}
    assert answer(status_contradicts_process, run_row(), **given) == "clear"


def test_a_silent_process_is_not_an_ended_one():
    logs = {STD_LOG: WORK, WRAPPER: spawned()}
    assert answer(status_contradicts_process, run_row(), logs=logs) == "clear"


def test_an_execution_that_a_child_holds_open_has_not_ended():
    logs = {STD_LOG: WORK, WRAPPER: spawned() + exited(10)}
    assert answer(status_contradicts_process, run_row(), logs=logs) == "clear"


def test_a_runtime_that_still_copies_outputs_is_at_it():
    logs = {**ENDED, LIFECYCLER: "".join(runtime(n, "copied file") for n in range(12, 360, 4))}
    assert answer(status_contradicts_process, run_row(), logs=logs) == "clear"


def test_outputs_that_still_come_mean_that_it_lives():
    written = [blob(f"parte{n}.bin", minute=n) for n in range(10, 360, 10)]
    assert answer(status_contradicts_process, run_row(), logs=ENDED, outputs=written) == "clear"


def test_without_the_runtimes_log_nobody_looked():
    assert answer(status_contradicts_process, run_row()) == "not checked"


@pytest.mark.parametrize("status", ["Completed", "Failed", "Canceled"])
def test_a_status_that_has_followed_contradicts_nothing(status):
    assert answer(status_contradicts_process, run_row(status), logs=ENDED) == "clear"
