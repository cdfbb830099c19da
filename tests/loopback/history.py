"""Run history: runs, details, children, queries, spans, experiments."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from . import errors, odata, paging, times
from .answers import answer
from .definition_records import definition_record
from .glances import Glance
from .run_records import details_record, run_record
from .scenario import PROCESSES
from .workspace import ARTIFACT_STORE, identifier

SAS_HOURS = 8


def run(world, request, run_id, **_):
    """`GET runs/{id}`."""
    found = request.workspace.runs.get(run_id)
    if found is None:
        return errors.run_not_found(request, run_id)
    return answer(run_record(request.workspace, found))


def details(world, request, run_id):
    """`GET runs/{id}/details`."""
    found = request.workspace.runs.get(run_id)
    if found is None:
        return errors.run_not_found(request, run_id)
    return answer(details_record(request.workspace, found, log_files(request.workspace, found)))


def rundata(world, request):
    """`POST rundata`."""
    asked = request.document
    found = request.workspace.runs.get(asked.get("runId"))
    if found is None:
        return errors.run_not_found(request, asked.get("runId"))
    return answer(_data(request.workspace, found, asked))


def batchrundata(world, request):
    """`POST batchrundata`."""
    told, missed = {}, {}
    for key, asked in (request.document.get("requests") or {}).items():
        found = request.workspace.runs.get(asked.get("runId"))
        if found is None:
            missed[key] = errors.run_not_found(request, asked.get("runId")).document
        else:
            told[key] = _data(request.workspace, found, asked)
    return answer({"runDataResult": told, "errors": missed})


def children(world, request, run_id):
    """`GET runs/{id}/children`."""
    workspace, query = request.workspace, {name.lower(): value for name, value in request.query.items()}
    if run_id not in workspace.runs:
        return errors.run_not_found(request, run_id)
    records = [run_record(workspace, child) for child in workspace.children_of(run_id)]
    try:
        records = odata.passing(records, query.get("$filter"))
    except odata.UnreadableQueryError as error:
        return errors.history(request, 400, f"Invalid filter: {error}")
    if world.children_paging == "none":
        return answer({"value": records})
    size = paging.asked(query.get("$top"), world.page_sizes["children"])
    part, marker = paging.page(records, query.get("$continuationtoken"), size)
    told = {"value": part}
    if marker and world.children_paging == "token":
        told["continuationToken"] = marker
    if marker and world.children_paging == "link":
        told["nextLink"] = paging.link(request, "$continuationtoken", marker)
    return answer(told)


def query(world, request, experiment_id):
    """`POST experimentids/{eid}/runs:query`."""
    workspace, asked = request.workspace, request.document
    name = workspace.index.experiment_names.get(experiment_id)
    rows = [Glance(found) for found in workspace.index.experiments.get(name, ())]
    try:
        rows = odata.ordered(odata.passing(rows, asked.get("filter")), asked.get("orderBy"))
    except odata.UnreadableQueryError as error:
        return errors.history(request, 400, f"Invalid query: {error}")
    size = paging.asked(str(asked.get("top") or ""), world.page_sizes["runs-query"])
    part, marker = paging.page(rows, asked.get("continuationToken"), size)
    told = [run_record(workspace, row.run) for row in part]
    return answer({"value": told, "continuationToken": marker, "nextLink": None})


def experiment(world, request, experiment_id):
    """`GET experimentids/{eid}`."""
    name = request.workspace.index.experiment_names.get(experiment_id)
    if name is None:
        return errors.history(request, 404, f"Experiment {experiment_id} was not found")
    return answer(experiment_record(request.workspace, name))


def experiment_named(world, request, name):
    """`GET experiments/{name}`."""
    if name not in request.workspace.index.experiments:
        return errors.history(request, 404, f"Experiment {name} was not found")
    return answer(experiment_record(request.workspace, name))


def experiments(world, request):
    """`POST experiments:query`; without a `viewType` archived ones are left out."""
    workspace, asked = request.workspace, request.document
    if asked.get("filter"):
        return errors.history(request, 400, "Invalid query: experiments are not filtered here")
    names = _in_view(workspace, asked.get("viewType") or "ActiveOnly")
    size = paging.asked(str(asked.get("top") or ""), world.page_sizes["experiments"])
    part, marker = paging.page(names, asked.get("continuationToken"), size)
    told = [experiment_record(workspace, name) for name in part]
    return answer({"value": told, "continuationToken": marker, "nextLink": None})


def experiment_record(workspace, name):
    """An experiment."""
    created = min(found.created_at for found in workspace.index.experiments[name])
    return {
        "experimentId": workspace.experiment_id(name),
        "name": name,
        "description": None,
        "createdUtc": times.history(created),
        "tags": {},
        "archivedTime": times.history(workspace.now) if name in workspace.archived else None,
        "retainForLifetimeOfWorkspace": False,
        "artifactLocation": None,
    }


def _in_view(workspace, view):
    shown = {"All": (True, False), "ArchivedOnly": (True,)}.get(view, (False,))
    return [name for name in workspace.index.experiments if (name in workspace.archived) in shown]


def spans(world, request, run_id, active=None):
    """`GET private…/runs/{id}/spans`: one for each status the run has been in."""
    found = request.workspace.runs.get(run_id)
    if found is None:
        return errors.run_not_found(request, run_id)
    told = _spans(found)
    if active:
        told = [span for span in told if span["endTimestamp"] is None]
    return answer({"value": told, "continuationToken": None, "nextLink": None})


def metrics_ingest(world, request, run_id, **_):
    """`GET runs/{id}/metricsingest/wait`: drained."""
    return answer({})


def log_files(workspace, found):
    """Path to a readable address, for hours from the real now."""
    container = workspace.containers[ARTIFACT_STORE]
    paths = (path for path in found.logs if path != PROCESSES)
    return {path: signed(workspace, container, found.artifact_prefix + path) for path in paths}


def signed(workspace, container, name):
    """The address of one blob with a read-only signature."""
    from azure.storage.blob import BlobSasPermissions, generate_blob_sas  # noqa: PLC0415  # see `available`

    now = datetime.now(UTC)
    signature = generate_blob_sas(
        workspace.account,
        container,
        name,
        account_key=workspace.account_key,
        permission=BlobSasPermissions(read=True),
        start=now - timedelta(minutes=10),
        expiry=now + timedelta(hours=SAS_HOURS),
    )
    return f"https://{workspace.blob_host}/{container}/{quote(name)}?{signature}"


def _data(workspace, found, asked):
    return {
        "runMetadata": run_record(workspace, found) if asked.get("selectRunMetadata", True) else None,
        "runDefinition": definition_record(workspace, found) if asked.get("selectRunDefinition") else None,
        "jobSpecification": None,
        "systemSettings": None,
    }


def _spans(found):
    changes = found.row.get("status_history") or []
    starts = [times.parsed(change["at"]) for change in changes]
    told = []
    for number, (change, start) in enumerate(zip(changes, starts, strict=True)):
        last = number == len(changes) - 1
        end = (start if found.is_over else None) if last else starts[number + 1]
        told.append(_span(found, number, change["status"], start, end))
    if not told:
        status, begun = found.status, found.at("started_at") or found.created_at
        told.append(_span(found, 0, status, begun, found.at("ended_at")))
    if beat := found.at("heartbeat_at"):
        told[-1]["events"].append({"name": "Heartbeat", "timestamp": times.history(beat), "attributes": []})
    return told


def _span(found, number, status, start, end):
    key = identifier("span", found.id, str(number)).replace("-", "")
    context = {"traceId": identifier("run", found.id).replace("-", ""), "spanId": key[:16]}
    return {
        "context": {**context, "isRemote": True, "isValid": True, "tracestate": []},
        "name": status,
        "status": status,
        "parentSpanId": None,
        "attributes": [{"key": "RunId", "value": found.id}],
        "events": [],
        "links": [],
        "startTimestamp": times.history(start),
        "endTimestamp": times.history(end),
    }
