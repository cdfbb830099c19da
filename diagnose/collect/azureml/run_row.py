"""`run.json`, put together from what run history, ARM and the run's own definition say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from diagnose.collect.azureml.history import at, error_of, heartbeat_in, statuses_in, type_of
from diagnose.collect.azureml.jobs import Job
from diagnose.collect.azureml.whereabouts import spelled_out
from diagnose.collect.azureml.workspace import Json
from diagnose.evidence import fields
from diagnose.evidence.run import is_parent_type


@dataclass
class Told:
    """The answers about one run; an empty one is an answer that was not got."""

    run_id: str
    run: Json = field(default_factory=dict)
    details: Json = field(default_factory=dict)
    job: Job | None = None
    """As ARM tells it."""
    defined: Job = field(default_factory=Job)
    """As run history defines it."""
    spans: Sequence[Json] = ()
    experiment: str | None = None


def run_row(told: Told) -> dict[str, object]:
    """The fields of `run.json`; what nobody said is null."""
    run = told.run or told.details
    submitted = told.job or Job()
    parent = is_parent_type(type_of(run))
    job = {name: _first(submitted, told.defined, name) for name in Job.__slots__}
    return {
        "id": told.run_id,
        "display_name": fields.text(run, "displayName") or submitted.display_name or fields.text(run, "name"),
        "experiment": submitted.experiment or told.experiment,
        "description": fields.text(run, "description") or submitted.description,
        "type": submitted.type or type_of(run),
        "status": fields.text(run, "status") or submitted.status,
        "status_history": statuses_in(told.spans),
        "created_at": at(run, "createdUtc") or at(told.details, "createdTimeUtc") or submitted.created_at,
        "started_at": at(run, "startTimeUtc"),
        "ended_at": at(run, "endTimeUtc"),
        "last_changed_at": at(run, "lastModifiedUtc"),
        "heartbeat_at": heartbeat_in(told.spans),
        "parent_id": fields.text(run, "parentRunId"),
        "root_id": fields.text(run, "rootRunId"),
        "attempt": fields.whole(run, "currentAttemptId"),
        "exit_code": None,  # no answer of the service holds it; its logs may
        "error": error_of(run) or error_of(told.details),
        "warnings": _warnings(run, told.details),
        "cancel": _cancel(run),
        "timeout_s": job["timeout_s"],
        "command": None if parent else job["command"],
        "environment": None if parent else job["environment"],
        "compute": _compute(run, job),
        "distribution": job["distribution"],
        "queueing": _queueing(run),
        "expected_outputs": [_spelled(told.run_id, put) for put in submitted.outputs or told.defined.outputs],
        "tags": dict(fields.texts(run, "tags") or submitted.tags),
        "properties": dict(fields.texts(run, "properties") or submitted.properties),
        "inputs": dict(submitted.inputs or told.defined.inputs),
    }


def _spelled(run_id: str, put: Mapping[str, object]) -> Mapping[str, object]:
    uri, name = put.get("uri"), str(put.get("name"))
    return dict(put) | {"uri": spelled_out(uri, run_id, name)} if isinstance(uri, str) else put


def _first(job: Job, defined: Job, name: str) -> object:
    value = getattr(job, name)
    return getattr(defined, name) if value is None else value


def _warnings(run: Json, details: Json) -> list[Mapping[str, object]]:
    found = fields.rows(run, "warnings") or fields.rows(details, "warnings")
    return [
        {"source": fields.text(each, "source"), "message": fields.text(each, "message")} for each in found
    ]


def _cancel(run: Json) -> dict[str, object] | None:
    """Why and by whom a run was cancelled; `cancelationReason` is the service's own spelling."""
    reason = run.get("cancelationReason")
    if isinstance(reason, Mapping):
        reason = fields.text(reason, "message") or fields.text(reason, "reason")
    status = (fields.text(run, "status") or "").lower()
    if not reason and status not in ("canceled", "cancelled", "cancelrequested"):
        return None
    # Who changed the record last is who asked, as long as nothing else has happened to it.
    told = reason or status == "cancelrequested"
    by = fields.text(fields.table(run, "lastModifiedBy"), "userName") if told else None
    return {"reason": reason if isinstance(reason, str) and reason else None, "by": by}


def _compute(run: Json, job: Mapping[str, object]) -> dict[str, object] | None:
    compute, asked = fields.table(run, "compute"), fields.table(run, "computeRequest")
    target = fields.text(compute, "target") or fields.text(run, "target") or job["target"]
    if target is None and not compute:
        return None
    priority = (fields.text(compute, "priority") or "").lower().replace("priority", "") or None
    return {
        "target": target,
        "kind": fields.text(compute, "targetType")
        or fields.texts(run, "properties").get("_azureml.ComputeTargetType"),
        "size": fields.text(compute, "vmSize") or fields.text(compute, "instanceType") or job["size"],
        "nodes": fields.size(compute, "instanceCount") or fields.size(asked, "nodeCount") or job["nodes"],
        "priority": priority,
    }


def _queueing(run: Json) -> dict[str, object] | None:
    """Why a run still waits for a node, in the service's words."""
    told = fields.table(run, "queueingInfo")
    if not told:
        return None
    return {
        "code": fields.text(told, "code"),
        "message": fields.text(told, "message"),
        "at": at(told, "lastRefreshTimestamp"),
    }
