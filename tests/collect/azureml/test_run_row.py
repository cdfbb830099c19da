import json

import pytest
from answering import needs_recordings, recorded
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnose.collect.azureml.jobs import Job, job_in
from diagnose.collect.azureml.run_row import Told, run_row

AT, LATER = "2026-11-20T08:00:00.1234567+00:00", "2026-11-20T09:00:00Z"
KEYS = set(run_row(Told("r")))


def row(run=None, details=None, **told):
    return run_row(Told("r-1", run or {}, details or {}, **told))


def test_what_nobody_said_is_not_known():
    told = row()
    assert told.pop("id") == "r-1"
    assert {json.dumps(value) for value in told.values()} <= {"null", "[]", "{}"}


def test_the_times_are_those_of_run_history():
    told = row({"createdUtc": AT, "startTimeUtc": LATER, "endTimeUtc": None, "lastModifiedUtc": LATER})
    assert (told["created_at"], told["started_at"], told["ended_at"], told["last_changed_at"]) == (
        "2026-11-20T08:00:00.123456Z",
        "2026-11-20T09:00:00Z",
        None,
        "2026-11-20T09:00:00Z",
    )


def test_the_details_stand_in_for_the_run():
    told = row(None, {"status": "Running", "createdTimeUtc": AT, "startTimeUtc": LATER, "target": "cpu"})
    assert (told["status"], told["started_at"]) == ("Running", LATER)
    assert told["created_at"] == "2026-11-20T08:00:00.123456Z"
    assert told["compute"]["target"] == "cpu"


@pytest.mark.parametrize("word", ["Running", "NotResponding", "Finalizing", "Hibernating", "gone fishing"])
def test_the_status_is_the_services_own_word(word):
    assert row({"status": word})["status"] == word


def test_a_status_that_is_no_word_is_not_known():
    assert row({"status": ["Running"]})["status"] is None


def test_a_canceled_run_says_why_and_by_whom():
    told = row({"status": "Canceled", "cancelationReason": "too slow", "lastModifiedBy": {"userName": "Ada"}})
    assert told["cancel"] == {"reason": "too slow", "by": "Ada"}


@pytest.mark.parametrize("status", ["Canceled", "CancelRequested", "canceled"])
def test_a_canceled_run_is_one_without_a_reason_too(status):
    assert row({"status": status, "cancelationReason": None})["cancel"] == {"reason": None, "by": None}


def test_a_reason_may_be_an_object():
    assert row({"cancelationReason": {"message": "preempted"}})["cancel"]["reason"] == "preempted"


def test_a_run_that_nobody_canceled_was_not():
    assert row({"status": "Failed", "lastModifiedBy": {"userName": "Ada"}})["cancel"] is None


def error(code, message, component=None):
    return {
        "error": {"code": code, "message": message, "innerError": {"code": "Deep"}},
        "componentName": component,
    }


def test_a_completed_run_may_carry_an_error():
    told = row({"status": "Completed", "error": error("UserError", "3 of 9 lines failed", "runtime")})
    assert told["status"] == "Completed"
    assert told["error"] == {"code": "UserError", "message": "3 of 9 lines failed", "component": "runtime"}


def test_the_error_may_be_in_the_details_alone():
    told = row({"status": "Failed", "error": None}, {"error": error("ServiceError", "lost")})
    assert told["error"]["code"] == "ServiceError"


def test_no_answer_of_the_service_holds_an_exit_code():
    assert (
        row({"status": "Failed", "exitCode": 1, "error": error("UserError", "exit code 1")})["exit_code"]
        is None
    )


def test_warnings_are_kept_from_either_answer():
    warning = [{"source": "AmlCompute", "message": "quota"}]
    assert row({"warnings": warning})["warnings"] == warning
    assert row({"warnings": None}, {"warnings": warning})["warnings"] == warning


def test_a_run_that_waits_for_a_node_says_why():
    told = row({"queueingInfo": {"code": "NoCapacity", "message": "wait", "lastRefreshTimestamp": LATER}})
    assert told["queueing"] == {"code": "NoCapacity", "message": "wait", "at": LATER}


def test_the_compute_is_put_together_from_all_that_is_said():
    run = {
        "compute": {"target": "cpu", "targetType": "amlcompute", "vmSize": "D2", "priority": "LowPriority"},
        "computeRequest": {"nodeCount": 4},
    }
    assert row(run)["compute"] == {
        "target": "cpu",
        "kind": "amlcompute",
        "size": "D2",
        "nodes": 4,
        "priority": "low",
    }


def test_the_job_tells_what_run_history_does_not():
    job = Job(target="gpu", size="NC6", nodes=2, command="python a.py", timeout_s=60.0, experiment="e")
    told = row({"status": "Running"}, job=job)
    assert (told["compute"]["target"], told["compute"]["size"], told["compute"]["nodes"]) == ("gpu", "NC6", 2)
    assert (told["command"], told["timeout_s"], told["experiment"]) == ("python a.py", 60.0, "e")


def test_the_definition_tells_what_the_job_does_not():
    told = row({}, job=Job(command="python a.py"), defined=Job(command="b", environment="azureml:env:3"))
    assert (told["command"], told["environment"]) == ("python a.py", "azureml:env:3")


@pytest.mark.parametrize("kind", ["azureml.PipelineRun", "HyperDrive", "azureml.AutoML"])
def test_a_parent_has_no_command_of_its_own(kind):
    told = row({"runType": kind}, defined=Job(command="python a.py", environment="azureml:env:3"))
    assert (told["command"], told["environment"]) == (None, None)


def test_statuses_and_heartbeat_come_from_the_spans():
    spans = [
        {"name": "Running", "startTimestamp": LATER},
        {"name": "Queued", "startTimestamp": AT, "events": [{"name": "Heartbeat", "timestamp": LATER}]},
    ]
    told = row({"status": "Running"}, spans=spans)
    assert [change["status"] for change in told["status_history"]] == ["Queued", "Running"]
    assert told["heartbeat_at"] == LATER


def test_tags_and_properties_are_text():
    told = row({"tags": {"a": "1", "b": 2, "c": None, "d": {}}, "properties": {"p": True}})
    assert (told["tags"], told["properties"]) == ({"a": "1", "b": "2"}, {})


# --- recorded answers --------------------------------------------------------------------------------------------


def of(name):
    body = recorded(name)
    return row(body.get("runMetadata", body))


@needs_recordings
def test_a_run_in_finalizing():
    told = of("runhistory_run_get_v1_Finalizing")
    assert (told["type"], told["status"]) == ("script", "Finalizing")
    assert (told["started_at"], told["ended_at"]) == ("2021-01-10T19:28:50.711433Z", None)
    assert told["compute"] == {
        "target": "OptimizePipe",
        "kind": "amlcompute",
        "size": None,
        "nodes": 1,
        "priority": None,
    }


@needs_recordings
def test_a_pipeline_step_that_completed():
    told = of("runhistory_rundata_step_Completed_commonruntime")
    assert (told["type"], told["status"], told["attempt"]) == ("command", "Completed", 1)
    assert (told["parent_id"], told["root_id"]) == ("test_175010517985", "test_175010517985")
    assert (told["error"], told["cancel"], told["warnings"]) == (None, None, [])
    assert told["ended_at"] == "2022-12-25T15:26:17.417407Z"


@needs_recordings
def test_a_reused_step_keeps_the_name_of_whose_work_it_is():
    told = of("runhistory_run_get_reused_step_Completed")
    assert told["properties"]["azureml.reusedrunid"] == "e659b035-463a-48cc-9e01-a79d7a558727"


@needs_recordings
def test_a_run_that_completed_with_an_error():
    told = of("runhistory_rundata_Completed_witherror")
    assert told["status"] == "Completed"
    assert told["error"]["message"] == "Execution failure in 'print_env': (Exception) expected raise!"
    assert told["error"]["component"].startswith("promptflow-runtime/")


@needs_recordings
def test_a_run_that_failed():
    told = of("runhistory_rundata_Failed_witherror")
    assert (told["status"], told["cancel"]) == ("Failed", None)
    assert told["error"]["code"] == "UserError"


@needs_recordings
@pytest.mark.parametrize(("status", "by"), [("CancelRequested", "REDACTED"), ("Canceled", None)])
def test_a_run_that_was_canceled(status, by):
    told = of(f"runhistory_rundata_{status}")
    # Who changed the record last is who asked for the end only as long as nothing else has changed it.
    assert (told["status"], told["cancel"]) == (status, {"reason": None, "by": by})


@needs_recordings
@pytest.mark.parametrize("status", ["NotStarted", "Preparing"])
def test_a_run_that_has_not_begun(status):
    told = of(f"runhistory_rundata_{status}")
    assert (told["status"], told["started_at"], told["ended_at"]) == (status, None, None)
    assert told["created_at"]


# --- answers of any shape ----------------------------------------------------------------------------------------

WORDS = [
    *(
        "runId",
        "name",
        "displayName",
        "status",
        "createdUtc",
        "startTimeUtc",
        "runType",
        "runTypeV2",
        "traits",
    ),
    *(
        "error",
        "warnings",
        "cancelationReason",
        "message",
        "code",
        "compute",
        "computeRequest",
        "queueingInfo",
    ),
    *(
        "properties",
        "tags",
        "target",
        "priority",
        "instanceCount",
        "nodeCount",
        "runDefinition",
        "environment",
    ),
    *("script", "arguments", "outputData", "outputLocation", "uri", "path", "communicator", "mpi", "events"),
    *(
        "startTimestamp",
        "timestamp",
        "lastModifiedBy",
        "userName",
        "currentAttemptId",
        "maxRunDurationSeconds",
    ),
]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from([AT, LATER, "Canceled", "Heartbeat", "azureml.StepRun", "HyperDrive", "mpi", "NaN"]),
)
ANY = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=12,
)
ROWS = st.dictionaries(st.sampled_from(WORDS), ANY, max_size=10)


@settings(deadline=None, max_examples=120)
@given(run=ROWS, details=ROWS, spans=st.lists(ROWS, max_size=2))
def test_any_answer_becomes_a_row_of_json(run, details, spans):
    told = run_row(Told("r-1", run, details, None, job_in(run or details, details), spans))
    assert set(told) == KEYS
    assert json.loads(json.dumps(told, allow_nan=False)) == told
