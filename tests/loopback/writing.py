"""What the clients inside a job write: metrics, artifacts, tags and events.

Nothing of it is kept here. Each request stands in the log of requests with its body, its time and its
answer, and what was put into a blob is in Azurite: whoever wants to know what arrived reads there.
"""

from datetime import timedelta
from urllib.parse import quote

from . import errors, times
from .answers import answer
from .history import SAS_HOURS
from .mlflow import run_told
from .run_records import run_record
from .workspace import ARTIFACT_STORE, identifier


def metrics_batch(world, request, run_id):
    """`POST runs/{id}/batch` of the metric service: all of it is taken."""
    if run_id not in request.workspace.runs:
        return errors.run_not_found(request, run_id)
    return answer({"errors": []})


def create_artifacts(world, request, container):
    """`POST artifacts/batch/metadata/ExperimentRun/{container}`: empty artifacts, and where to write each."""
    workspace = request.workspace
    found = next((run for run in workspace.runs.values() if run.data_container == container), None)
    if found is None:
        return errors.history(request, 404, f"Container {container} was not found")
    world.seeder(workspace)  # its containers are there from here on
    paths = [asked["path"] for asked in request.document.get("paths") or []]
    return answer(
        {
            "artifacts": {path: _artifact(request, found, path) for path in paths},
            "artifactContentInformation": {path: _place(workspace, found, path) for path in paths},
            "errors": {},
        }
    )


def patch_run(world, request, run_id):
    """`PATCH runs/{id}`: the run as it was, with the tags and properties that came."""
    found = request.workspace.runs.get(run_id)
    if found is None:
        return errors.run_not_found(request, run_id)
    record = run_record(request.workspace, found)
    for field in ("tags", "properties"):
        record[field] = {**(record.get(field) or {}), **(request.document.get(field) or {})}
    return answer(record)


def event(world, request, run_id):
    """`POST runs/{id}/events`."""
    return answer({})


def mlflow_written(world, request):
    """`POST` of metrics, parameters and tags by MLflow."""
    run_id = request.document.get("run_id") or request.document.get("run_uuid")
    if run_id not in request.workspace.runs:
        return errors.run_not_found(request, run_id)
    return answer({})


def mlflow_promised(world, request):
    """`POST runs/log-batch-async` of azureml-mlflow: taken, with a name under which to ask for it."""
    told = mlflow_written(world, request)
    return told if told.status >= 400 else answer({"batch_tracking_id": identifier(request.body.decode())})


def mlflow_arrived(world, request):
    """`GET runs/get-run-data-status` of azureml-mlflow."""
    return answer({"is_complete": True})


def mlflow_update(world, request):
    """`POST runs/update` of MLflow."""
    found = request.workspace.runs.get(request.document.get("run_id"))
    if found is None:
        return errors.run_not_found(request, request.document.get("run_id"))
    return answer({"run_info": run_told(world, request.workspace, found)["info"]})


def _artifact(request, found, path):
    return {
        "artifactId": f"ExperimentRun/{found.data_container}/{path}",
        "origin": "ExperimentRun",
        "container": found.data_container,
        "path": path,
        "etag": f'"{identifier(found.id, path)}"',
        "createdTime": times.history(request.date or times.now()),
        "dataPath": None,
        "tags": {},
    }


def _place(workspace, found, path):
    return {
        "contentUri": _writable(workspace, found.artifact_prefix + path),
        "origin": "ExperimentRun",
        "container": found.data_container,
        "path": path,
        "tags": {},
    }


def _writable(workspace, name):
    """The address of one blob with a signature to read and write it."""
    from azure.storage.blob import BlobSasPermissions, generate_blob_sas  # noqa: PLC0415  # see `available`

    container, now = workspace.containers[ARTIFACT_STORE], times.now()
    signature = generate_blob_sas(
        workspace.account,
        container,
        name,
        account_key=workspace.account_key,
        permission=BlobSasPermissions(read=True, add=True, create=True, write=True),
        start=now - timedelta(minutes=10),
        expiry=now + timedelta(hours=SAS_HOURS),
    )
    return f"https://{workspace.blob_host}/{container}/{quote(name)}?{signature}"
