"""What a bundle says of a run is what the services say of it."""

import pytest
from building import bundle_of, iso, run_row

pytest.importorskip("requests")


@pytest.fixture
def served(world, client_of):
    return lambda row, **given: client_of(world.serve(bundle_of(row, **given)))


def test_an_error_has_its_component(served):
    error = {"code": "UserError", "message": "It broke.", "component": "CommonRuntime"}
    client = served(run_row("Failed", ended_at=iso(5), error=error))
    for told in (client.history().json(), client.history("/details").json()):
        assert told["error"]["error"]["message"] == "It broke."
        assert told["error"]["componentName"] == "CommonRuntime"


def test_who_canceled_a_run_and_why(served):
    told = served(run_row("Canceled", cancel={"reason": "Enough", "by": "an engineer"})).history().json()
    assert told["cancelationReason"] == "Enough"
    assert told["lastModifiedBy"]["userName"] == "an engineer"


def test_warnings_are_in_both_records(served):
    warnings = [{"source": "AmlCompute", "message": "It waits."}]
    client = served(run_row("Queued", warnings=warnings))
    assert client.history().json()["warnings"] == warnings
    assert client.history("/details").json()["warnings"] == warnings


def test_a_time_limit_and_a_distribution(served):
    distribution = {"kind": "pytorch", "processes": 4}
    client = served(run_row(timeout_s=5400, distribution=distribution, command="python a.py"))
    job = client.arm("/jobs/r-1").json()["properties"]
    assert job["limits"] == {"timeout": "PT1H30M", "jobLimitsType": "Command"}
    assert job["distribution"] == {"distributionType": "PyTorch", "processCountPerInstance": 4}
    definition = client.history("/details").json()["runDefinition"]
    assert definition["maxRunDurationSeconds"] == 5400
    assert definition["pyTorch"] == {"processCount": 4}


def test_a_run_of_the_old_runtime_is_no_job_and_has_no_modern_traits(served):
    client = served(run_row(type="script"))
    assert client.arm("/jobs/r-1").status_code == 404
    assert "CommonRuntime" not in client.history().json()["runTypeV2"]["traits"]
    assert client.arm("/jobs").json()["value"] == []


@pytest.mark.parametrize(
    ("mode", "arm", "history"),
    [("mount", "ReadWriteMount", "Mount"), ("upload", "Upload", "Upload"), ("direct", "Direct", "Direct")],
)
def test_an_output_has_its_mode_everywhere(served, mode, arm, history):
    output = {"name": "model", "type": "uri_folder", "mode": mode, "uri": "azureml://datastores/x/paths/y/"}
    client = served(run_row(expected_outputs=[output], command="python a.py"))
    outputs = client.arm("/jobs/r-1").json()["properties"]["outputs"]
    assert (outputs["model"]["mode"], outputs["model"]["uri"]) == (arm, output["uri"])
    assert outputs["default"]["uri"].endswith("/ExperimentRun/dcid.r-1")
    definition = client.history("/details").json()["runDefinition"]["outputData"]["model"]
    assert definition["mechanism"] == history
    assert definition["outputLocation"]["uri"]["path"] == output["uri"]


def test_several_runs_in_one_question(served):
    client = served(run_row())
    asked = {"requests": {"a": {"runId": "r-1"}, "b": {"runId": "nobody"}}}
    told = client.data("history/v1.0", "/batchrundata", method="POST", json=asked).json()
    assert told["runDataResult"]["a"]["runMetadata"]["runId"] == "r-1"
    assert told["errors"]["b"]["statusCode"] == 404


def test_a_run_is_found_below_its_experiment_too(served):
    client = served(run_row(experiment="tests"))
    below = f"/experimentids/{client.served.experiment_id}"
    assert client.data("history/v1.0", below).json()["name"] == "tests"
    for place in ("/experiments/tests", below):
        assert client.data("history/v1.0", f"{place}/runs/r-1").json()["runId"] == "r-1"
    assert client.data("history/v1.0", "/experiments/tests/runs/r-1/metricsingest/wait").status_code == 200


def test_artifacts_of_a_folder_are_readable(served):
    client = served(run_row(), logs={"logs/a.txt": "a", "logs/b.txt": "b", "user_logs/std_log.txt": "c"})
    below = "/artifacts/ExperimentRun/dcid.r-1/prefix/contentinfo?path=logs/"
    told = client.data("artifact/v2.0", below).json()["value"]
    assert [client.session.get(each["contentUri"]).text for each in told] == ["a", "b"]


def test_a_search_by_status(served):
    client = served(run_row("Completed"))
    for status, found in (("FINISHED", ["r-1"]), ("RUNNING", [])):
        asked = {"filter": f"attributes.status = '{status}'", "experiment_ids": [client.served.experiment_id]}
        told = client.data("mlflow/v2.0", "/api/2.0/mlflow/runs/search", method="POST", json=asked).json()
        assert [run["info"]["run_id"] for run in told["runs"]] == found
