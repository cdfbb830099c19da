import pytest
from building import STD_LOG, WRAPPER, iso
from judging import answer, canceled, cause, completed, every, exited, failed, finding, record, spawned

from diagnose.rule import Certainty
from diagnose.rules.resource_kill.time_limit import time_limit

WORK = every(range(60), "tahap {n}")
SAID = {"cancel": {"reason": "The run exceeded the maximum run time of 3600 s", "by": None}}


def test_the_services_word_for_the_limit_establishes_it():
    found = finding(time_limit, canceled(timeout_s=3600, **SAID))
    assert (found.mechanism, found.certainty) == ("time-limit", Certainty.ESTABLISHED)


def test_the_clock_alone_is_a_suspicion():
    assert finding(time_limit, canceled(timeout_s=3600)).certainty is Certainty.SUSPECTED


def test_the_run_was_cut_short():
    assert record(canceled(timeout_s=3600, **SAID), logs=WORK)["outcome"] == "cut-short"


def test_a_run_that_ended_near_its_limit_by_itself_did_not_reach_it():
    assert answer(time_limit, failed(timeout_s=3600, exit_code=1), logs=WORK) == "clear"


def test_an_exit_code_that_only_the_runtime_knows_counts_as_well():
    logs = {STD_LOG: WORK, WRAPPER: spawned() + exited(59.9, 1)}
    assert answer(time_limit, failed(timeout_s=3600), logs=logs) == "clear"


@pytest.mark.parametrize("code", [-9, -15, 137, 143])
def test_a_signal_at_the_limit_is_the_services(code):
    assert answer(time_limit, failed(timeout_s=3600, exit_code=code)) == "found"


def test_a_person_who_speaks_of_a_limit_is_not_the_service():
    run = canceled(timeout_s=600_000, cancel={"by": "Budi", "reason": "would hit my time limit of the week"})
    assert cause(run, logs=WORK) == "none"


def test_a_run_that_took_a_tenth_of_its_limit_did_not_reach_it():
    assert answer(time_limit, canceled(timeout_s=36_000, **SAID)) == "clear"


def test_a_limit_that_was_over_long_before_the_end_is_another_ones():
    assert answer(time_limit, canceled(timeout_s=600)) == "clear"


def test_a_completed_run_kept_its_limit():
    assert answer(time_limit, completed(timeout_s=3600, ended_at=iso(60))) == "clear"


def test_without_the_run_nobody_looked():
    assert answer(time_limit, None, logs=WORK) == "not checked"
