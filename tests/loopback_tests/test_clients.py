"""Unmodified clients of the service get along with the loopback workspace."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from building import bundle_of, iso, run_row

pytest.importorskip("azure.identity")
pytest.importorskip("azure.storage.blob")

CHILD = {
    "type": "command",
    "status": "Completed",
    "created_at": iso(),
    "started_at": iso(1),
    "ended_at": iso(2),
}

JOBS = """
import json, sys
from azure.ai.ml import MLClient
from azure.identity import DefaultAzureCredential
subscription, group, workspace, *runs = sys.argv[1:]
client = MLClient(DefaultAzureCredential(), subscription, group, workspace)
told = {name: client.jobs.get(name) for name in runs}
print(json.dumps({
    "workspace": client.workspaces.get(workspace).name,
    "jobs": {name: [type(job).__name__, getattr(job.status, "value", job.status)] for name, job in told.items()},
    "listed": [job.name for job in client.jobs.list()],
    "datastores": sorted(store.name for store in client.datastores.list()),
}))
"""


def test_the_machine_learning_client_reads_jobs_in_pages(world):
    pytest.importorskip("azure.ai.ml")
    world.page_sizes["jobs"] = 1
    pipeline = bundle_of(
        run_row(id="parent", type="pipeline"), children=[{**CHILD, "id": "step", "display_name": "fit"}]
    )
    served = world.serve(
        bundle_of(run_row("Completed", id="alone", command="python a.py"), code={"a.py": "1"})
    )
    world.serve(pipeline, workspace=served.workspace)
    place = (served.subscription_id, served.resource_group, served.workspace)
    done = subprocess.run(
        [sys.executable, "-c", JOBS, *place, "alone", "parent", "step"],
        env=world.process_environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["workspace"] == served.workspace
    assert told["jobs"] == {
        "alone": ["Command", "Completed"],
        "parent": ["PipelineJob", "Running"],
        "step": ["_BaseJob", "Completed"],
    }
    assert sorted(told["listed"]) == ["alone", "parent"]
    assert told["datastores"] == ["workspaceartifactstore", "workspaceblobstore"]
    assert len([asked for asked in world.requests if asked.resource == "jobs"]) == 2
    assert world.proxy.refused == []
    assert "secrets" not in {asked.resource for asked in world.requests}


@pytest.fixture
def storage(world):
    """A storage client of a served bundle, and where it is served."""
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415
    from azure.storage.blob import BlobServiceClient  # noqa: PLC0415

    opened = []

    def open_client(bundle):
        served = world.serve(bundle)
        credential = DefaultAzureCredential()
        client = BlobServiceClient(served.blob_url, credential=credential)
        opened.extend([credential, client])
        return client, served

    yield open_client
    for each in opened:
        each.close()


def outputs(**fields):
    """A bundle with one output blob."""
    known = {"output": "model", "path": "a.bin", "size": 6, "created_at": iso(1), "modified_at": iso(3)}
    rows = [{**known, "committed": True, "head": "YWJjZGVm", **fields}]
    return bundle_of(run_row(), outputs=rows)


def container_of(client, served, name="blobs"):
    stores = {"blobs": f"azureml-blobstore-{served.workspace_id}", "artifacts": "azureml"}
    return client.get_container_client(stores[name])


def test_blobs_are_as_old_and_as_large_as_the_bundle_says(storage):
    container = container_of(*storage(outputs(content_md5="6AsXUJoPRES2uQmkraBKXA==")))
    [blob] = container.list_blobs(name_starts_with="azureml/r-1/model/")
    assert blob.creation_time == datetime(2026, 11, 20, 8, 1, tzinfo=UTC)
    assert blob.last_modified == datetime(2026, 11, 20, 8, 3, tzinfo=UTC)
    assert container.get_blob_client(blob.name).download_blob(offset=1, length=2).readall() == b"bc"
    assert bytes(blob.content_settings.content_md5).hex() == "e80b17509a0f4444b6b909a4ada04a5c"


def test_a_large_blob_has_its_ends(storage):
    size = 200 << 20
    container = container_of(*storage(outputs(size=size, tail="eHl6")))
    blob = container.get_blob_client("azureml/r-1/model/a.bin")
    assert blob.get_blob_properties().size == size
    assert blob.download_blob(offset=0, length=8).readall() == b"abcdef\0\0"
    assert blob.download_blob(offset=size - 4, length=4).readall() == b"\0xyz"


def test_a_blob_that_was_never_committed_is_listed_only(storage):
    from azure.core.exceptions import ResourceNotFoundError  # noqa: PLC0415

    container = container_of(*storage(outputs(committed=False, size=0, uncommitted_bytes=7, head=None)))
    assert list(container.list_blobs()) == []
    [blob] = container.list_blobs(include=["uncommittedblobs"])
    assert (blob.size, blob.last_modified, blob.creation_time) == (0, None, None)
    client = container.get_blob_client(blob.name)
    with pytest.raises(ResourceNotFoundError):
        client.get_blob_properties()
    assert [block.size for block in client.get_block_list("uncommitted")[1]] == [7]


def test_a_committed_blob_may_have_blocks_on_top(storage):
    container = container_of(*storage(outputs(uncommitted_bytes=9)))
    blob = container.get_blob_client("azureml/r-1/model/a.bin")
    committed, uncommitted = blob.get_block_list("all")
    assert [block.size for block in committed] == [6]
    assert [block.size for block in uncommitted] == [9]
    assert blob.download_blob().readall() == b"abcdef"


def test_a_writer_may_hold_an_append_blob(storage):
    container = container_of(*storage(outputs(blob_type="append", lease="locked")))
    [blob] = container.list_blobs()
    assert (blob.blob_type, blob.lease.state) == ("AppendBlob", "leased")


def test_the_address_of_a_log_needs_no_sign_in(world, client_of):
    client = client_of(world.serve(bundle_of(run_row(), logs="hello\n")))
    answer = client.session.get(client.log())
    assert (answer.status_code, answer.content) == (200, b"hello\n")
    assert client.session.get(client.log().partition("?")[0]).status_code == 401


def test_a_log_may_have_any_name(world, client_of):
    path = "logs/a b #1%20ü.txt"
    client = client_of(world.serve(bundle_of(run_row(), logs={path: "hello\n"})))
    assert client.session.get(client.log(path)).content == b"hello\n"


def test_the_process_table_is_an_artifact(storage):
    rows = [{"pid": 1, "name": "python"}]
    container = container_of(*storage(bundle_of(run_row(), processes=rows)), "artifacts")
    [name] = container.list_blob_names()
    assert name == "ExperimentRun/dcid.r-1/logs/diagnose/processes.jsonl"
    assert json.loads(container.download_blob(name).readall()) == rows[0]


def test_the_source_snapshot_is_found_from_the_job(storage, client_of):
    client, served = storage(bundle_of(run_row(), code={"src/a.py": "print()"}))
    asked = client_of(served)
    code_id = asked.arm("/jobs/r-1").json()["properties"]["codeId"]
    uri = asked.arm(code_id.removeprefix(served.scope)).json()["properties"]["codeUri"]
    container, _, prefix = urlsplit(uri).path[1:].partition("/")
    [name] = client.get_container_client(container).list_blob_names(name_starts_with=prefix)
    assert name == f"{prefix}/src/a.py"


@pytest.mark.parametrize("paging", ["none", "token", "link"])
def test_children_come_in_pages(world, client_of, paging):
    world.children_paging, world.page_sizes["children"] = paging, 2
    children = [{**CHILD, "id": f"step-{number}"} for number in range(5)]
    client = client_of(world.serve(bundle_of(run_row(type="pipeline"), children=children)))
    page, names = client.history("/children").json(), []
    while True:
        names += [child["runId"] for child in page["value"]]
        if marker := page.get("continuationToken"):
            page = client.history(f"/children?$continuationtoken={marker}").json()
        elif link := page.get("nextLink"):
            page = client.ask("GET", link).json()
        else:
            break
    assert names == [f"step-{number}" for number in range(5)]


def test_grandchildren_are_below_their_parent(world, client_of):
    children = [{**CHILD, "id": "inner", "type": "pipeline"}, {**CHILD, "id": "leaf", "parent_id": "inner"}]
    client = client_of(world.serve(bundle_of(run_row(type="pipeline"), children=children)))
    assert [child["runId"] for child in client.history("/children").json()["value"]] == ["inner"]
    below = client.data("history/v1.0", "/runs/inner/children").json()["value"]
    assert [(child["runId"], child["rootRunId"]) for child in below] == [("leaf", "r-1")]
    query = {"filter": "RootRunId eq r-1 and Status eq Completed"}
    url = f"/experimentids/{client.served.experiment_id}/runs:query"
    found = client.data("history/v1.0", url, method="POST", json=query).json()["value"]
    assert [run["runId"] for run in found] == ["inner", "leaf"]


def test_the_statuses_of_a_run_are_its_spans(world, client_of):
    past = [{"status": "Queued", "at": iso()}, {"status": "Running", "at": iso(1)}]
    row = run_row(status_history=past, heartbeat_at=iso(9))
    client = client_of(world.serve(bundle_of(row)))
    spans = client.data("history/v1.0/private", "/runs/r-1/spans").json()["value"]
    assert [(span["name"], span["endTimestamp"] is None) for span in spans] == [
        ("Queued", False),
        ("Running", True),
    ]
    [beat] = spans[-1]["events"]
    assert (beat["name"], beat["timestamp"]) == ("Heartbeat", "2026-11-20T08:09:00.0000000+00:00")
    assert len(client.data("history/v1.0/private", "/runs/r-1/spans/active").json()["value"]) == 1


def test_metrics_keep_what_mlflow_cannot_say(world, client_of):
    values = [1, "NaN", "Infinity", "good"]
    metrics = [{"name": "loss", "value": value, "step": None, "at": iso(n)} for n, value in enumerate(values)]
    world.page_sizes["metric-history"] = 3
    client = client_of(world.serve(bundle_of(run_row(), metrics=metrics)))
    asked, told = {"metricName": "loss"}, []
    while True:
        page = client.data("metric/v2.0", "/runs/r-1/full", method="POST", json=asked).json()
        told += [(point["step"], point["data"]["loss"]) for point in page["value"]]
        if not page["continuationToken"]:
            break
        asked["continuationToken"] = page["continuationToken"]
    assert told == [(None, 1.0), (None, "NaN"), (None, "Infinity"), (None, "good")]
    below = "/api/2.0/mlflow/metrics/get-history?run_id=r-1&metric_key=loss"
    points = client.data("mlflow/v1.0", below).json()["metrics"]
    assert [(point["step"], point["value"]) for point in points] == [
        ("0", 1),
        ("0", "NaN"),
        ("0", "Infinity"),
    ]
    world.bare_nan = True
    assert b'"value": NaN' in client.data("mlflow/v1.0", below).content


def test_a_workspace_has_a_clock_of_its_own(world, client_of):
    client = client_of(world.serve(bundle_of(run_row())))
    assert client.history().headers["Date"] == "Fri, 20 Nov 2026 14:00:00 GMT"
    world.clock_skew = 60
    assert client.arm().headers["Date"] == "Fri, 20 Nov 2026 14:01:00 GMT"


def test_a_part_that_was_denied_is_denied_again(world, client_of, storage):
    from azure.core.exceptions import HttpResponseError  # noqa: PLC0415

    parts = dict.fromkeys(("children", "metrics", "outputs", "logs", "code"), "denied")
    storage_client, served = storage(bundle_of(run_row(), parts=parts))
    client = client_of(served)
    assert client.history().status_code == 200
    assert client.history("/children").status_code == 403
    assert client.data("metric/v2.0", "/runs/r-1/lastvalues", method="POST").status_code == 403
    with pytest.raises(HttpResponseError, match="AuthorizationPermissionMismatch"):
        list(container_of(storage_client, served).list_blobs(name_starts_with="azureml/r-1/"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("0000-", "1111-"), "SubscriptionNotFound"),
        (("rg-loopback", "nowhere"), "ResourceGroupNotFound"),
        (("/workspaces/", "/workspaces/no-"), "ResourceNotFound"),
    ],
)
def test_a_wrong_address_is_told_apart(world, client_of, change, code):
    client = client_of(world.serve(bundle_of(run_row())))
    url = f"https://management.azure.com{client.served.scope}"
    told = client.ask("GET", url.replace(*change))
    assert (told.status_code, told.json()["error"]["code"]) == (404, code)
