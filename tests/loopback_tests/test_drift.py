"""The loopback workspace answers in the shape that was recorded of the real service."""

import xml.etree.ElementTree as ET

import pytest
from building import STD_LOG, bundle_of, iso, run_row

FREE = {
    *(
        "tags",
        "messageParameters",
        "parameters",
        "searchSpace",
        "jobs",
        "inputs",
        "outputs",
        "data",
        "outputData",
    ),
    *("columns", "environmentVariables", "logFiles"),
}
"""Maps whose keys are names that somebody chose."""

COURSE = (
    *("status", "startTimeUtc", "endTimeUtc", "lastStartTimeUtc", "effectiveStartTimeUtc"),
    *("currentComputeTime", "computeDuration", "duration", "createdUtc", "lastModifiedUtc"),
    *("cancelationReason", "currentAttemptId", "revision", "statusRevision", "warnings", "error"),
)
CLUSTER = {"target": "cpu-cluster", "kind": "amlcompute", "size": None, "nodes": 1, "priority": None}
FOLDER = {"type": "uri_folder", "mode": "mount"}
CHILD = {"id": "step-1", "display_name": "fit", "type": "command", "status": "Completed", "parent_id": "r-1"}
STEP_TIMES = {"created_at": iso(), "started_at": iso(1), "ended_at": iso(2)}


def differences(recorded, ours, free=(), where=""):
    """Where the two have other keys, other types, or a null in one of them only."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        is_free = (
            where.rpartition(".")[2] in FREE or where.endswith(".properties.properties") or where in free
        )
        yield from (_of_maps if is_free else _of_objects)(recorded, ours, free, where)
    elif isinstance(recorded, list) and isinstance(ours, list):
        if recorded and ours:
            yield from differences(recorded[0], ours[0], free, f"{where}[0]")
    elif _kind(recorded) != _kind(ours):
        yield f"{where}: {_kind(recorded)} was recorded, {_kind(ours)} is answered"


def _of_maps(recorded, ours, free, where):
    values = [next(iter(each.values()), None) for each in (recorded, ours)]
    if all(isinstance(value, dict) for value in values):
        yield from differences(*values, free, f"{where}.*")


def _of_objects(recorded, ours, free, where):
    for name in recorded.keys() ^ ours.keys():
        yield f"{where}.{name}: {'not answered' if name in recorded else 'never recorded'}"
    for name in recorded.keys() & ours.keys():
        yield from differences(recorded[name], ours[name], free, f"{where}.{name}")


def _kind(value):
    if isinstance(value, bool) or value is None:
        return str(type(value).__name__)
    return "number" if isinstance(value, int | float) else type(value).__name__


def drift(recorded, ours, *, but=(), free=()):
    """The differences that nobody expects."""
    return [found for found in differences(recorded, ours, free) if not any(known in found for known in but)]


@pytest.fixture
def served(world, client_of):
    """A client of a run that is served from its row."""
    return lambda row, **given: client_of(world.serve(bundle_of(row, **given)))


def test_a_workspace(served, recorded):
    ours = served(run_row()).arm().json()
    assert drift(recorded("arm_workspace_get"), ours) == []


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        (
            "arm_job_get_command_Queued",
            {
                "command": "pip freeze",
                "environment": "azureml:e:1",
                "inputs": {"data": {**FOLDER, "uri": "azureml://x"}},
            },
        ),
        ("arm_job_get_pipeline_Completed", {"type": "pipeline", "description": "Nightly"}),
        ("arm_job_get_sweep_Running", {"type": "sweep", "timeout_s": 300, "environment": "azureml:e:1"}),
        ("arm_job_get_automl_Failed", {"type": "automl"}),
    ],
)
def test_a_job(served, recorded, name, fields):
    status = name.rpartition("_")[2]
    outputs = [{"name": "out", **FOLDER, "uri": None}] if fields.get("type") == "pipeline" else []
    row = run_row(status, compute=CLUSTER, expected_outputs=outputs, **fields)
    ours = served(row, code={"a.py": "1"} if fields.get("type") == "sweep" else None).arm("/jobs/r-1").json()
    # Older interfaces had no nodes; the limits of an AutoML task are not in any bundle. Steps may have outputs.
    known = ("nodes: never recorded", ".limitSettings", ".jobs.*.outputs")
    assert drift(recorded(name), ours, but=known) == []


def test_a_pipeline_step_of_which_arm_knows_nothing(served, recorded):
    client = served(run_row(type="pipeline"), children=[{**CHILD, **STEP_TIMES}])
    assert drift(recorded("arm_job_get_pipelinestep_no_properties"), client.arm("/jobs/step-1").json()) == []


@pytest.mark.parametrize(
    ("name", "below"),
    [
        ("arm_datastore_get", "/datastores/workspaceblobstore"),
        ("arm_datastores_list_default", "/datastores?isDefault=true"),
        ("arm_job_get_404_JobNotFound", "/jobs/nobody"),
    ],
)
def test_other_answers_of_arm(served, recorded, name, below):
    assert drift(recorded(name), served(run_row()).arm(below).json()) == []


def test_the_keys_of_a_datastore(served, recorded):
    client = served(run_row())
    url = f"https://management.azure.com{client.served.scope}/datastores/workspaceblobstore/listSecrets"
    assert drift(recorded("arm_datastore_listSecrets"), client.ask("POST", url).json()) == []


def test_discovery(served, recorded):
    client = served(run_row())
    ours = client.session.get(f"https://{client.served.host}/discovery").json()
    assert drift(recorded("discovery_get"), ours) == []


@pytest.mark.parametrize(
    "status", ["NotStarted", "Preparing", "CancelRequested", "Canceled", "Completed", "Failed"]
)
def test_the_course_of_a_run(served, recorded, status):
    over = status in ("Canceled", "Completed", "Failed")
    error = {"code": "UserError", "message": "It failed.", "component": "CommonRuntime"}
    row = run_row(
        status,
        started_at=iso(1) if over or status == "CancelRequested" else None,
        ended_at=iso(2) if over else None,
        error=error if status == "Failed" else None,
    )
    client = served(row)
    asked = {"runId": "r-1", "selectRunMetadata": True, "selectRunDefinition": True}
    ours = client.data("history/v1.0", "/rundata", method="POST", json=asked).json()
    real = recorded(f"runhistory_rundata_{status}{'_witherror' if status == 'Failed' else ''}")
    assert real.keys() == ours.keys()
    assert real["runMetadata"].keys() == ours["runMetadata"].keys()
    # How an error came about is known to the service only.
    unknown = (".messageParameters", ".referenceCode", ".innerError")
    for name in COURSE:
        assert drift(real["runMetadata"][name], ours["runMetadata"][name], but=unknown) == []


def test_a_whole_step_of_the_common_runtime(served, recorded):
    output = {
        "name": "model",
        **FOLDER,
        "uri": "azureml://datastores/workspaceblobstore/paths/azureml/r-1/model/",
    }
    row = run_row(
        "Completed",
        ended_at=iso(2),
        parent_id="p-1",
        root_id="p-1",
        compute=CLUSTER,
        command="echo",
        environment="azureml:e:1",
        expected_outputs=[output],
    )
    asked = {"runId": "r-1", "selectRunMetadata": True, "selectRunDefinition": True}
    ours = served(row).data("history/v1.0", "/rundata", method="POST", json=asked).json()
    # The parent is not in this bundle; the ids of components are not in any.
    known = ("parentRunUuid", "componentIdentifier", "_trimmed")
    free = (".runMetadata.properties",)
    real = recorded("runhistory_rundata_step_Completed_commonruntime")
    assert drift(real, ours, but=known, free=free) == []


def test_children(served, recorded):
    reused = {"properties": {"azureml.isreused": "true", "azureml.reusedrunid": "other"}}
    client = served(run_row(type="pipeline"), children=[{**CHILD, **STEP_TIMES, **reused}])
    real, ours = recorded("runhistory_children_two_reused_steps"), client.history("/children").json()
    # Where a step ran is not among what a bundle has of children.
    assert drift(real, ours, but=(".target",), free=(".value[0].properties",)) == []
    assert ours["value"][0]["dataContainerId"] == "dcid.other"


def test_details(served, recorded):
    row = run_row("Completed", ended_at=iso(2), compute=CLUSTER, command="echo")
    real = recorded("runhistory_details_v2_step_Completed_logFiles")
    ours = served(row, logs="hello\n").history("/details").json()
    assert drift(real, ours, but=("runDefinition.",), free=(".properties",)) == []
    [(path, address)] = ours["logFiles"].items()
    assert path == STD_LOG
    assert "sp=r&" in address


def test_a_run_that_is_not_there(served, recorded):
    client = served(run_row())
    ours = client.data("history/v1.0", "/rundata", method="POST", json={"runId": "nobody"})
    assert ours.status_code == 404
    assert drift(recorded("runhistory_rundata_404"), ours.json()) == []


def test_last_values_of_metrics(served, recorded):
    metrics = [{"name": "loss", "value": 0.5, "step": 0, "at": iso(1)}]
    client = served(run_row(), metrics=metrics)
    ours = client.data("metric/v2.0", "/runs/r-1/lastvalues", method="POST", json={}).json()
    assert drift(recorded("metric_v2_lastvalues"), ours) == []


def test_an_mlflow_run(served, recorded):
    client = served(run_row())
    ours = client.data("mlflow/v2.0", "/api/2.0/mlflow/runs/get?run_id=r-1").json()
    assert drift(recorded("mlflow_runs_create"), ours, but=("metrics: never recorded",)) == []


def test_an_artifact_and_its_address(served, recorded):
    client = served(run_row(), logs="hello\n")
    listed = client.data("artifact/v2.0", "/artifacts/ExperimentRun/dcid.r-1").json()["value"][0]
    assert drift(recorded("artifact_register"), listed) == []
    ours = client.data(
        "artifact/v2.0", f"/artifacts/ExperimentRun/dcid.r-1/contentinfo?path={STD_LOG}"
    ).json()
    real = recorded("artifact_batch_metadata_response")["artifactContentInformation"]
    assert drift(next(iter(real.values())), ours) == []


def test_resolved_addresses(served, recorded):
    output = {
        "name": "model",
        **FOLDER,
        "uri": "azureml://datastores/workspaceblobstore/paths/azureml/r-1/model/",
    }
    client = served(run_row("Completed", ended_at=iso(2), expected_outputs=[output]))
    asset = client.history().json()["outputs"]["model"]["assetId"]
    below = "/dataversion/batchGetResolvedUris"
    ours = client.data("data/v1.0", below, method="POST", json={"values": [asset]}).json()["values"]
    real = recorded("data_batchGetResolvedUris")["values"]
    assert drift(next(iter(real.values())), ours[asset]) == []
    assert ours[asset]["uri"].endswith("/datastores/workspaceblobstore/paths/azureml/r-1/model/")


def test_a_list_of_blobs_tells_uncommitted_ones_apart(served, recorded):
    rows = [
        {"output": "model", "path": "a", "size": 0, "committed": False, "uncommitted_bytes": 3},
        {"output": "model", "path": "b", "size": 3, "committed": True, "modified_at": iso(1), "head": "YWJj"},
    ]
    client = served(run_row(), outputs=rows).sign_in("https://storage.azure.com/.default")
    place = f"{client.served.blob_url}/azureml-blobstore-{client.served.workspace_id}"
    headers = {"x-ms-version": "2025-11-05"}
    answer = client.ask(
        "GET", f"{place}?restype=container&comp=list&include=uncommittedblobs", headers=headers
    )
    real, ours = (_blob_properties(text) for text in (recorded("blob_list_include_uncommitted"), answer.text))
    # Azurite leaves out headers that are not set, and says when a tier was inferred.
    unset = {"Content-Encoding", "Content-Language", "Content-CRC64", "Cache-Control", "Content-Disposition"}
    tier = {"AccessTier", "AccessTierInferred", "AccessTierChangeTime", "ServerEncrypted"}
    assert [names - unset - tier for names in real] == [names - tier for names in ours]


def _blob_properties(text):
    blobs = ET.fromstring(text.removeprefix("\ufeff").encode()).findall("Blobs/Blob")
    return [{element.tag for element in blob.find("Properties")} for blob in blobs]


def test_the_headers_of_a_blob(served, world):
    client = served(run_row(), logs="hello\n")
    log = client.log()
    found, part = client.session.head(log), client.session.get(log, headers={"x-ms-range": "bytes=0-2"})
    names = {"Accept-Ranges", "Content-Length", "Content-MD5", "Content-Type", "Last-Modified"}
    for name in (*names, "x-ms-blob-type", "x-ms-creation-time", "x-ms-lease-state"):
        assert name in found.headers, name
    assert (part.status_code, part.headers["Content-Range"]) == (206, "bytes 0-2/6")
    assert found.headers["Date"].count("GMT") == 1
    missing = client.session.head(log.replace("std_log.txt?", "other.txt?"))
    # The signature is for another blob.
    assert missing.status_code == 403
