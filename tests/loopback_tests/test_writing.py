"""What the clients inside a job write is taken, and can be read back from the log of requests and from storage."""

import json

import pytest
from building import bundle_of, run_row

pytest.importorskip("azure.storage.blob")

POINT = {"metricId": "m", "createdUtc": "2026-11-20T08:00:00Z", "step": 1, "data": {"loss": 0.5}}
BATCH = {"values": [{"name": "loss", "columns": {"loss": "double"}, "value": [POINT]}]}


@pytest.fixture
def client(world, client_of):
    """A client of a run that is open."""
    return client_of(world.serve(bundle_of(run_row())))


def test_a_batch_of_metrics_is_taken_and_kept_in_the_log(world, client):
    assert client.data("metric/v2.0", "/runs/r-1/batch", "POST", json=BATCH).json() == {"errors": []}
    [asked] = [asked for asked in world.requests if asked.resource == "metric-write"]
    assert (json.loads(asked.body), asked.status, asked.at > 0) == (BATCH, 200, True)


def test_metrics_of_a_run_that_is_not_there_are_refused(client):
    assert client.data("metric/v2.0", "/runs/r-2/batch", "POST", json=BATCH).status_code == 404


def test_an_artifact_is_created_and_written_at_the_address_given(client):
    created = client.data(
        "artifact/v2.0",
        "/artifacts/batch/metadata/ExperimentRun/dcid.r-1",
        "POST",
        json={"paths": [{"path": "outputs/a.txt"}]},
    ).json()
    place = created["artifactContentInformation"]["outputs/a.txt"]["contentUri"]
    written = client.session.put(place, data=b"abc", headers={"x-ms-blob-type": "BlockBlob"})
    assert (created["errors"], written.status_code) == ({}, 201)
    assert client.session.get(place).content == b"abc"


def test_a_patch_of_the_run_answers_with_its_tags(client):
    told = client.data("history/v1.0", "/experiments/e/runs/r-1", "PATCH", json={"tags": {"a": "b"}})
    assert told.json()["tags"]["a"] == "b"


@pytest.mark.parametrize("where", ["mlflow/runs/log-batch", "preview/mlflow/runs/log-batch-async"])
def test_metrics_of_mlflow_are_taken(world, client, where):
    metric = {"key": "loss", "value": 0.5, "timestamp": 0, "step": 0}
    body = {"run_id": "r-1", "metrics": [metric]}
    assert client.data("mlflow/v2.0", f"/api/2.0/{where}", "POST", json=body).status_code == 200
    assert [asked.status for asked in world.requests if asked.resource == "mlflow-write"] == [200]


def test_the_public_cloud_is_told_to_whoever_asks(client):
    [cloud] = client.session.get("https://management.azure.com/metadata/endpoints").json()
    assert cloud["resourceManager"] == "https://management.azure.com/"
