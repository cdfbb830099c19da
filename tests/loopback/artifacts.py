"""Artifacts and resolved addresses: names and signed addresses of what a run left."""

from . import errors, paging, times
from .answers import answer
from .history import signed
from .run_records import asset_id
from .scenario import ARTIFACTS, PROCESSES
from .workspace import ARTIFACT_STORE, identifier


def listed(world, request, run_id=None, container=None, **_):
    """`GET …/artifacts`."""
    found = _owner(request.workspace, run_id, container)
    if found is None:
        return errors.run_not_found(request, run_id or container)
    query = {name.lower(): value for name, value in request.query.items()}
    records = [_record(request.workspace, found, path, at) for path, at in _known(found).items()]
    size = paging.asked(query.get("$top"), world.page_sizes["artifacts"])
    part, marker = paging.page(records, query.get("continuationtoken"), size)
    return answer({"value": part, "continuationToken": marker, "nextLink": None})


def content_info(world, request, run_id=None, container=None, **_):
    """`GET …/artifacts/contentinfo?path=`."""
    found, path = _owner(request.workspace, run_id, container), request.query.get("path", "")
    if found is None or path not in _known(found):
        return errors.history(request, 404, f"Artifact {path} was not found")
    return answer(_content(request.workspace, found, path))


def prefix_content_info(world, request, run_id=None, container=None, path=None, **_):
    """`GET …/artifacts/prefix/contentinfo?path=`, or with the path in the address."""
    found, prefix = _owner(request.workspace, run_id, container), path or request.query.get("path", "")
    if found is None:
        return errors.run_not_found(request, run_id or container)
    paths = [path for path in _known(found) if path.startswith(prefix)]
    part, marker = paging.page(paths, request.query.get("continuationToken"), world.page_sizes["artifacts"])
    told = [_content(request.workspace, found, path) for path in part]
    return answer({"value": told, "continuationToken": marker, "nextLink": None})


def resolved(world, request):
    """`POST dataversion/batchGetResolvedUris`."""
    known = request.workspace.index.kept("places of assets", lambda: _places(request.workspace))
    asked = request.document.get("values") or []
    told = {
        asset: {"uri": known[asset], "type": "UriFolder", "legacyDatasetType": None}
        for asset in asked
        if asset in known
    }
    return answer({"values": told})


def _places(workspace):
    """Where each registered output is, by the id of its asset."""
    known = {}
    for found in workspace.runs.values():
        for output in [*(given["name"] for given in found.row.get("expected_outputs") or []), "default"]:
            container, path = workspace.place(found, ARTIFACTS if output == "default" else output)
            stores = {name: store for store, name in workspace.containers.items()}
            scope = f"azureml:/{workspace.scope}".replace("/resourceGroups/", "/resourcegroups/")
            scope = scope.replace("/providers/Microsoft.MachineLearningServices", "")
            known[asset_id(workspace, found, output)] = f"{scope}/datastores/{stores[container]}/paths/{path}"
    return known


def _owner(workspace, run_id, container):
    if run_id is not None:
        return workspace.runs.get(run_id)
    return next((run for run in workspace.runs.values() if run.data_container == container), None)


def _known(found):
    rows = {row["path"]: row for row in found.outputs if row.get("output") == ARTIFACTS}
    known = {path: times.parsed(row.get("created_at")) for path, row in rows.items()}
    known |= {path: at for path, (_, at) in found.logs.items()}
    return known | ({PROCESSES: found.captured_at} if found.processes else {})


def _record(workspace, found, path, at):
    return {
        "artifactId": f"ExperimentRun/{found.data_container}/{path}",
        "origin": "ExperimentRun",
        "container": found.data_container,
        "path": path,
        "etag": f'"{identifier(found.id, path)}"',
        "createdTime": times.history(at or found.created_at),
        "dataPath": {"dataStoreName": ARTIFACT_STORE, "relativePath": found.artifact_prefix + path},
        "tags": {},
    }


def _content(workspace, found, path):
    return {
        "contentUri": signed(workspace, workspace.containers[ARTIFACT_STORE], found.artifact_prefix + path),
        "origin": "ExperimentRun",
        "container": found.data_container,
        "path": path,
        "tags": {},
    }
