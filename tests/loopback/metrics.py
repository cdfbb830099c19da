"""The metric service: names with last values, and whole series."""

from . import errors, paging, times
from .answers import answer
from .workspace import identifier


def last_values(world, request, run_id):
    """`POST runs/{id}/lastvalues`."""
    found = request.workspace.runs.get(run_id)
    if found is None:
        return errors.run_not_found(request, run_id)
    return answer({"value": [_series(found, name, rows[-1:]) for name, rows in found.metrics.items()]})


def listed(world, request, run_id):
    """`POST runs/{id}/list`."""
    found = request.workspace.runs.get(run_id)
    if found is None:
        return errors.run_not_found(request, run_id)
    told = []
    for name, rows in found.metrics.items():
        series = _series(found, name, rows[:1])
        key = {"name": name, "runId": found.id, "dataContainerId": found.data_container, "labels": None}
        told.append({"metricKey": key, "columns": series["columns"], "properties": series["properties"]})
    return answer({"value": told, "continuationToken": None})


def full(world, request, run_id):
    """`POST runs/{id}/full`: every point of one metric."""
    found, asked = request.workspace.runs.get(run_id), request.document
    if found is None:
        return errors.run_not_found(request, run_id)
    name = asked.get("metricName")
    if name not in found.metrics:
        return errors.history(request, 404, f"Metric {name} of run {run_id} was not found")
    part, marker = paging.page(
        found.metrics[name], asked.get("continuationToken"), world.page_sizes["metric-history"]
    )
    return answer({**_series(found, name, part), "continuationToken": marker})


def _series(found, name, rows):
    numeric = all(_is_number(row["value"]) for row in rows)
    return {
        "dataContainerId": found.data_container,
        "name": name,
        "columns": {name: "Double" if numeric else "String"},
        "properties": {"uxMetricType": "azureml.v1.scalar", "dataLocation": None},
        "namespace": None,
        "standardSchemaId": None,
        "value": [_point(found, name, row) for row in rows],
    }


def _point(found, name, row):
    value = row["value"]
    return {
        "metricId": identifier(found.id, name, str(row.get("at")), str(row.get("step")), str(value)),
        "createdUtc": times.metric(times.parsed(row.get("at"))),
        "step": row.get("step"),
        "data": {name: float(value) if isinstance(value, int) else value},
    }


def _is_number(value):
    return isinstance(value, int | float) or value in ("NaN", "Infinity", "-Infinity")
