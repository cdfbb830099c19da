"""The MLflow protocol on the data plane."""

import re

from . import paging, times
from .answers import answer
from .run_records import experiment_of
from .workspace import USER

_STATUSES = {"Completed": "FINISHED", "Failed": "FAILED", "NotResponding": "RUNNING", "Canceled": "KILLED"}
_RUNNING = ("Running", "Finalizing", "CancelRequested", "NotResponding")
_STATUS_ASKED = re.compile(r"attributes?\.status\s*=\s*['\"](\w+)['\"]", re.IGNORECASE)
_END_ASKED = re.compile(r"attributes?\.end_time\s*>=\s*(\d+)", re.IGNORECASE)


def get_run(world, request, **_):
    """`GET runs/get`: the run with the last value of every metric."""
    run_id = request.query.get("run_id") or request.query.get("run_uuid")
    found = request.workspace.runs.get(run_id)
    if found is None:
        return _missing(run_id)
    return answer({"run": run_told(world, request.workspace, found)})


def get_history(world, request, **_):
    """`GET metrics/get-history`: every point of one metric."""
    query = request.query
    found = request.workspace.runs.get(query.get("run_id") or query.get("run_uuid"))
    if found is None:
        return _missing(query.get("run_id"))
    name = query.get("metric_key")
    rows = [row for row in found.metrics.get(name, ()) if _is_number(row["value"])]
    size = paging.asked(query.get("max_results"), world.page_sizes["mlflow-history"])
    part, marker = paging.page(rows, query.get("page_token"), size)
    told = {"metrics": [_point(world, name, row) for row in part]}
    return answer(told | ({"next_page_token": marker} if marker else {}))


def search_runs(world, request, **_):
    """`POST runs/search`: of some experiments or of all; a filter on the status and, where the world allows, on the end."""
    asked, workspace = request.document, request.workspace
    try:
        passes = _filter(world, asked.get("filter") or "")
    except ValueError as error:
        return answer({"error_code": "INVALID_PARAMETER_VALUE", "message": str(error)}, 400)
    ids = list(map(str, asked.get("experiment_ids") or workspace.index.experiment_names))
    names = [
        workspace.index.experiment_names[each] for each in ids if each in workspace.index.experiment_names
    ]
    known = [run for name in names for run in workspace.index.experiments[name] if passes(run)]
    size = paging.asked(str(asked.get("max_results") or ""), world.page_sizes["runs-search"])
    part, marker = paging.page(known, asked.get("page_token"), size)
    told = [run_told(world, workspace, run) for run in part]
    return answer({"runs": told} | ({"next_page_token": marker} if marker else {}))


def search_experiments(world, request, **_):
    """`GET` or `POST experiments/search`."""
    asked, workspace = request.document | request.query, request.workspace
    view = str(asked.get("view_type") or "ACTIVE_ONLY").upper()
    names = [
        name
        for name in workspace.index.experiments
        if view == "ALL" or (name in workspace.archived) == (view == "DELETED_ONLY")
    ]
    size = paging.asked(str(asked.get("max_results") or ""), world.page_sizes["experiments"])
    part, marker = paging.page(names, asked.get("page_token"), size)
    told = [
        {
            "experiment_id": workspace.experiment_id(name),
            "name": name,
            "artifact_location": "",
            "lifecycle_stage": "deleted" if name in workspace.archived else "active",
        }
        for name in part
    ]
    return answer({"experiments": told} | ({"next_page_token": marker} if marker else {}))


def status_of(run):
    """MLflow's word for the status, of which it has five."""
    return _STATUSES.get(run.status, "RUNNING" if run.status in _RUNNING else "SCHEDULED")


def _filter(world, text):
    """Whether a run passes; raises ValueError for terms that are not known to be taken."""
    status, since = None, None
    for term in filter(None, (part.strip() for part in re.split(r"\s+and\s+", text, flags=re.IGNORECASE))):
        if found := _STATUS_ASKED.fullmatch(term):
            status = found[1]
        elif (found := _END_ASKED.fullmatch(term)) and world.mlflow_ends:
            since = int(found[1])
        else:
            raise ValueError(f"Invalid clause(s) in filter string: {term!r}")
    return lambda run: (status in (None, status_of(run))) and (since is None or _ended(run) >= since)


def _ended(run):
    at = run.at("ended_at")
    return times.milliseconds(at) if at else -1


def run_told(world, workspace, found):
    """A run as MLflow tells it."""
    experiment_id = workspace.experiment_id(experiment_of(workspace, found))
    artifacts = f"azureml://{workspace.host}/mlflow/v2.0{workspace.scope}/experiments/{experiment_id}"
    info = {
        "run_uuid": found.id,
        "experiment_id": experiment_id,
        "run_name": found.row.get("display_name") or found.id,
        "user_id": USER,
        "status": status_of(found),
        "start_time": times.mlflow(found.at("started_at") or found.created_at),
        "end_time": times.mlflow(found.at("ended_at")),
        "artifact_uri": f"{artifacts}/runs/{found.id}/artifacts",
        "lifecycle_stage": "active",
        "run_id": found.id,
    }
    tags = [
        {"key": "mlflow.rootRunId", "value": found.root_id or found.id},
        {"key": "mlflow.runName", "value": info["run_name"]},
        *({"key": key, "value": value} for key, value in (found.row.get("tags") or {}).items()),
    ]
    last = [(name, rows[-1]) for name, rows in found.metrics.items() if _is_number(rows[-1]["value"])]
    data = {"metrics": [_point(world, name, row) for name, row in last], "tags": tags}
    known = {name: value for name, value in info.items() if value is not None}
    return {"info": known, "data": data, "inputs": {}}


def _point(world, name, row):
    value = row["value"]
    if isinstance(value, str) and world.bare_nan:
        value = float(value)
    at = times.mlflow(times.parsed(row.get("at"))) or "0"
    return {"key": name, "value": value, "timestamp": at, "step": str(row.get("step") or 0)}


def _is_number(value):
    return isinstance(value, int | float) or value in ("NaN", "Infinity", "-Infinity")


def _missing(run_id):
    told = {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": f"Run with id={run_id} not found"}
    return answer(told, 404)
