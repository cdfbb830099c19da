import pytest
from building import STD_LOG, WRAPPER, run_row
from judging import answer, exited, failed, finding, spawned, verdict

from diagnose.rules.resource_kill.quota_exceeded import quota_exceeded


def refused(message, **fields):
    return failed(error={"code": "ResourceOperationFailed", "message": message}, **fields)


@pytest.mark.parametrize(
    "message",
    [
        "The request exceeds the dedicated cores quota of the subscription",
        "Insufficient capacity in westeurope for Standard_NC24",
        "ResourceExhausted: no nodes of this size are left",
    ],
)
def test_the_platforms_words_for_a_limit_are_established(message):
    assert verdict(refused(message)) == ("resource-kill", "quota", "established")


def test_a_warning_of_the_service_is_its_word_too():
    assert answer(quota_exceeded, failed(warnings=[{"message": "Core limit reached"}])) == "found"


def test_an_exit_code_of_the_users_process_rules_it_out():
    assert answer(quota_exceeded, refused("quota exceeded", exit_code=1)) == "clear"
    logs = {STD_LOG: "a\n", WRAPPER: spawned() + exited(5, 1)}
    assert answer(quota_exceeded, refused("quota exceeded"), logs=logs) == "clear"


def test_the_users_words_that_the_service_quotes_are_not_looked_at():
    message = "Please check log file user_logs/std_log.txt: daily quota of the translation API is spent"
    assert answer(quota_exceeded, refused(message)) == "clear"


@pytest.mark.parametrize("status", ["Queued", "Running", "Completed"])
def test_a_run_that_was_not_ended_met_no_limit(status):
    run = run_row(status, warnings=[{"message": "waiting for quota"}])
    assert answer(quota_exceeded, run) == "clear"


def test_without_the_run_nobody_looked():
    assert answer(quota_exceeded, None, logs="a\n") == "not checked"


STEP = "logs/azureml/stderrlogs.txt"
TOLD = "an Exception with status code JobNodeCountExceedsCoreQuota, The subscription has a vCPU quota of 2 and is less than 4\n"


def test_the_services_own_log_names_the_quota_with_or_without_a_status():
    for run in (failed(), run_row(None)):
        assert finding(quota_exceeded, run, logs={STEP: TOLD}).mechanism == "quota"


def test_a_quota_that_was_waited_for_is_no_end():
    later = "".join(
        f"[2026-11-20 08:{n:02d}:00Z] Job is running, job runstatus is Running\n" for n in range(50)
    )
    assert answer(quota_exceeded, failed(), logs={STEP: TOLD + later}) == "clear"


def test_the_users_own_words_of_a_quota_are_not_the_platforms():
    assert answer(quota_exceeded, failed(), logs=TOLD) == "clear"
