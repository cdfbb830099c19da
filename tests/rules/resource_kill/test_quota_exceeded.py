import pytest
from building import STD_LOG, WRAPPER, run_row
from judging import answer, exited, failed, spawned, verdict

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


@pytest.mark.parametrize("run", [failed(), run_row(None)])
def test_the_name_of_a_quota_error_at_the_end_of_the_services_log_is_enough(run):
    said = "Job submission encountered an Exception with status code JobNodeCountExceedsCoreQuota, too many nodes\n"
    path = "logs/azureml/stderrlogs.txt"
    assert answer(quota_exceeded, run, logs={path: said}) == "found"
    assert answer(quota_exceeded, run, logs={path: said + "submitted, all is well\n" * 30}) != "found"
    assert answer(quota_exceeded, run, logs={"user_logs/std_log.txt": said}) != "found"
