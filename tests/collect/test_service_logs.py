import pytest

from diagnose.collect.service_logs import told_by_logs
from diagnose.evidence.store import OverlayStore

EXECUTION, STDERR = "logs/azureml/executionlogs.txt", "logs/azureml/stderrlogs.txt"
LIFECYCLER = "system_logs/lifecycler/lifecycler.log"


def told(**logs):
    paths = {"execution": EXECUTION, "stderr": STDERR, "lifecycler": LIFECYCLER}
    members = {paths[name]: text.encode() for name, text in logs.items()}
    return told_by_logs(OverlayStore(None, members, {}, "memory"), {path: path for path in members})


def test_the_service_names_the_run_and_its_parent():
    row = told(execution="[2026-02-01 19:53:42Z] RunId:[r-1] ParentRunId:[p-1] ComputeTarget:[AmlCompute]\n")
    assert row == {"id": "r-1", "parent_id": "p-1"}


def test_each_status_is_told_once_with_its_time_and_the_last_is_no_end():
    row = told(
        execution="[2026-02-01 19:53:47Z] Job is in progress. Execution status: Queued.\n"
        "[2026-02-01 19:53:49Z] Job is in progress. Execution status: Queued.\n"
        "[2026-02-01 19:54:19Z] Job is running, job runstatus is Finalizing\n"
    )
    assert row["status_history"] == [
        {"status": "Queued", "at": "2026-02-01T19:53:47Z"},
        {"status": "Finalizing", "at": "2026-02-01T19:54:19Z"},
    ]
    assert "status" not in row


def test_a_finished_job_is_completed():
    row = told(execution="[2021-01-30 20:51:12Z] Job finished, job RunId is r-1\n")
    assert (row["id"], row["status"], row["error"]) == ("r-1", "Completed", None)


def test_a_failed_job_says_why():
    error = '{"Error":{"Code":"UserError","Message":"exit 1. Sorry."},"ComponentName":"CommonRuntime"}'
    row = told(stderr=f"[2026-02-01 19:54:25Z] Job failed, job RunId is a.b-1. Error: {error}")
    assert (row["id"], row["status"]) == ("a.b-1", "Failed")
    assert row["error"] == {"code": "UserError", "message": "exit 1. Sorry.", "component": "CommonRuntime"}


@pytest.mark.parametrize("error", ['{"Error":{"Code":"UserErr', "no JSON at all", '{"Error": NaN}'])
def test_an_error_that_was_cut_keeps_its_words(error):
    row = told(stderr=f"[2026-02-01 19:54:25Z] Job failed, job RunId is r-1. Error: {error}")
    assert row["error"] == {"code": None, "message": error, "component": None}


def test_a_job_that_runs_again_after_a_failure_has_no_final_status():
    row = told(
        execution="[2026-02-01 19:55:00Z] Job is in progress. Execution status: Running.\n",
        stderr="[2026-02-01 19:54:25Z] Job failed, job RunId is r-1\n",
    )
    assert "status" not in row
    assert [change["status"] for change in row["status_history"]] == ["Failed", "Running"]


def test_what_a_script_printed_about_jobs_is_not_the_services_word():
    row = told(
        stderr="Job failed, job RunId is r-1\n[yesterday] Job failed, job RunId is r-1\n",
        execution="[2026-02-01 19:54:25Z] I think Job failed, job RunId is r-1\n",
    )
    assert "status" not in row


@pytest.mark.parametrize(
    "line",
    [
        'run_id=RunId { subscription_id: "s", root_run_id: "no", run_id: "r-1" }}: calling',
        "start {'root_run_id': 'no', 'run_id': 'r-1', 'parent_run_id': 'no'}",
        "starting run_id=r-1",
    ],
)
def test_the_runtime_names_the_run_where_the_service_does_not(line):
    assert told(lifecycler=f"2026-02-01T19:54:04.075991Z  INFO {line}\n") == {"id": "r-1"}


def test_logs_that_say_nothing_tell_nothing():
    assert told(lifecycler="hello\n", execution="\0\xff\n") == {"id": None}
