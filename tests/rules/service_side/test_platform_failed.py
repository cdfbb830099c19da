import pytest
from building import STD_LOG, WRAPPER, run_row
from judging import answer, completed, execution_ended, exited, failed, finding, runtime, spawned, verdict

from diagnose.rules.service_side.platform_failed import platform_failed


def error(message, code="ServiceError"):
    return {"error": {"code": code, "message": message}}


@pytest.mark.parametrize(
    ("message", "mechanism"),
    [
        ("Failed to pull image contoso.azurecr.io/leren:4: unauthorized", "image-failed"),
        ("Mounting the input 'weer' failed: the data asset was not found", "mount-failed"),
        ("Unable to start the container on the node", "provisioning-failed"),
        ("Internal error, please try again", "platform-failure"),
    ],
)
def test_the_platforms_words_and_no_process_of_the_user_are_service_side(message, mechanism):
    assert verdict(failed(**error(message)))[:2] == ("service-side", mechanism)


def test_a_failure_against_an_exit_code_of_zero_is_the_platforms():
    logs = {STD_LOG: "klaar\n", WRAPPER: spawned() + exited(50) + execution_ended(50)}
    assert verdict(failed(), logs=logs)[:2] == ("service-side", "failed-against-exit-code")


def test_a_runtime_that_never_started_the_process_failed_itself():
    assert answer(platform_failed, failed(), logs={WRAPPER: runtime(1, "starting")}) == "found"


def test_a_recorded_exit_code_of_the_script_rules_it_out():
    run = failed(exit_code=1, **error("Failed to pull image"))
    assert verdict(run, logs="gestart\n")[0] == "loud-failure"


def test_the_users_own_words_that_the_service_quotes_are_not_looked_at():
    message = "User process 'python' exited with status code 1: cannot mount the docker image"
    assert answer(platform_failed, failed(**error(message, "UserError"))) == "clear"


@pytest.mark.parametrize("run", [completed(), run_row()])
def test_a_run_that_did_not_fail_is_none(run):
    assert answer(platform_failed, {**run, **error("Internal error")}) == "clear"


def test_without_the_run_nobody_looked():
    assert answer(platform_failed, None, logs="x\n") == "not checked"


def test_a_failure_of_which_nothing_is_known_is_not_blamed_on_the_platform():
    assert answer(platform_failed, failed(), logs="gestart\n") == "clear"


BUILD = "azureml-logs/20_image_build_log.txt"
STEP = "logs/azureml/stderrlogs.txt"
BROKEN = "Step 3/9 : RUN conda env create\nfailed to run step ID: acb_step_0: exit status 1\n"
MADE = "Successfully tagged r.azurecr.io/i:latest\n2026/11/20 08:09:00 Successfully executed container: acb_step_0\n"


@pytest.mark.parametrize(
    ("path", "text", "mechanism"),
    [
        (BUILD, BROKEN, "image-failed"),
        (BUILD, "Solving environment: failed\nDocker image build failed\n", "image-failed"),
        (STEP, "AzureMLCompute job failed. AZFMountError: Could not mount it\n", "mount-failed"),
    ],
)
def test_the_services_own_log_names_what_failed(path, text, mechanism):
    for run in (failed(), run_row(None)):
        assert finding(platform_failed, run, logs={path: text}).mechanism == mechanism


def test_an_image_that_was_made_in_the_end_did_not_fail():
    assert answer(platform_failed, failed(), logs={BUILD: BROKEN + MADE}) == "clear"


def test_the_users_own_failure_is_named_by_the_same_service():
    text = "AzureMLCompute job failed.\nJobFailed: Submitted script failed with a non-zero exit code\n"
    assert answer(platform_failed, failed(), logs={STEP: text}) == "clear"


def test_the_users_own_log_may_say_anything():
    assert answer(platform_failed, failed(), logs=BROKEN) == "clear"


def test_without_a_status_a_start_of_the_process_rules_it_out():
    logs = {BUILD: BROKEN, WRAPPER: spawned()}
    assert answer(platform_failed, run_row(None), logs=logs) == "not checked"


def test_without_a_status_and_without_words_nobody_knows():
    assert answer(platform_failed, run_row(None), logs={BUILD: MADE}) == "not checked"
