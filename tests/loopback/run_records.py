"""A run as run history tells it, field by field as recorded."""

from datetime import timedelta

from . import times
from .definition_records import definition_record
from .workspace import SERVICE, TENANT, USER, identifier

_KINDS = {
    "pipeline": ("azureml.PipelineRun", "Aether", ["azureml.PipelineRun", "Aether"]),
    "sweep": ("hyperdrive", "hyperdrive", ["hyperdrive"]),
    "automl": ("automl", "AutoML", ["automl"]),
    "spark": ("azureml.scriptrun", None, ["scriptRun", "spark"]),
    "script": ("azureml.scriptrun", None, ["scriptRun", "remote", "OsType:Linux"]),
}
_COMMAND = ["scriptRun", "remote", "AlmostCommonRuntime", "OsType:Linux", "CommonRuntime"]
_USUAL = ("azureml.scriptrun", None, _COMMAND)
_PRIORITIES = {"dedicated": "Dedicated", "low": "LowPriority"}


def run_record(workspace, run):
    """The run as `GET runs/{id}` has it."""
    return {
        **_identity(workspace, run),
        **_course(workspace, run),
        **_kind(workspace, run),
        **_surroundings(workspace, run),
    }


def _properties(workspace, run):
    """The property that leads to a run's source, as the recorded records of both generations have it."""
    snapshot = {"ContentSnapshotId": workspace.code_name(run)} if run.code else {}
    return run.properties | snapshot


def details_record(workspace, run, log_files):
    """The run as `GET runs/{id}/details` has it."""
    told = {
        "runId": run.id,
        "target": run.compute.get("target"),
        "status": run.status,
        "startTimeUtc": times.details(run.at("started_at")),
        "endTimeUtc": times.details(run.at("ended_at")),
        "services": {},
        "properties": _properties(workspace, run),
        "inputDatasets": [],
        "outputDatasets": [],
        "runDefinition": definition_record(workspace, run),
        "logFiles": log_files,
        "submittedBy": "loopback",
    }
    set_ones = {"error": _error(run), "warnings": _warnings(run)}
    return told | {name: value for name, value in set_ones.items() if value}


def _identity(workspace, run):
    parent = workspace.runs.get(run.parent_id)
    parent_uuid = identifier("run", parent.id) if parent else None
    return {
        "runNumber": int(run.created_at.timestamp()),
        "rootRunId": run.root_id or run.id,
        "createdUtc": times.history(run.created_at),
        "createdBy": user_record(run.owner),
        "userId": USER,
        "token": None,
        "tokenExpiryTimeUtc": None,
        "error": _error(run),
        "warnings": _warnings(run),
        "runUuid": identifier("run", run.id),
        "parentRunUuid": parent_uuid,
        "rootRunUuid": identifier("run", run.root_id or run.id),
        "lastModifiedBy": _modifier(run),
        "runId": run.id,
        "parentRunId": run.parent_id,
        "experimentId": workspace.experiment_id(experiment_of(workspace, run)),
        "displayName": run.row.get("display_name") or run.id,
        "name": "azureml_anonymous" if run.is_step else None,
        "dataContainerId": run.data_container,
        "description": run.row.get("description"),
        "hidden": False,
    }


def _course(workspace, run):
    started, ended = run.at("started_at"), run.at("ended_at")
    changes = len(run.row.get("status_history") or ()) or 3
    going = None if run.is_over else (run.captured_at - started if started else timedelta())
    took = (ended - started if ended and started else timedelta()) if run.is_over else None
    return {
        "revision": 2 * changes,
        "statusRevision": changes - 1,
        "lastStartTimeUtc": None if run.is_over else times.history(started),
        "currentComputeTime": None if going is None else times.span(going),
        "computeDuration": None if took is None else times.span(took),
        "effectiveStartTimeUtc": None if run.is_over else times.history(started),
        "lastModifiedUtc": times.history(run.at("last_changed_at") or run.created_at),
        "duration": None if took is None else times.span(took),
        "cancelationReason": (run.row.get("cancel") or {}).get("reason"),
        "currentAttemptId": run.row.get("attempt") or (None if run.is_reused else 1),
        "status": run.status,
        "startTimeUtc": times.history(started),
        "endTimeUtc": times.history(ended),
        "scheduleId": None,
    }


def kind_of(run):
    """The kind of run in the words of run history."""
    return "azureml.StepRun" if run.is_step else _KINDS.get(run.type, _USUAL)[0]


def _kind(workspace, run):
    kind = kind_of(run)
    _, attribution, traits = _KINDS.get(run.type, _USUAL)
    if run.is_step:
        attribution, traits = "Aether", ["azureml.StepRun", *_COMMAND]
    if run.is_reused:
        attribution, traits = None, ["azureml.StepRun"]
    scope = workspace.scope.replace("/providers/Microsoft.MachineLearningServices", "")
    family = f"https://{workspace.host}/studioservice/apiv2{scope}/runs/{run.id}"
    on_compute = bool(run.compute) and run.type != "pipeline"
    return {
        "runType": kind,
        "runTypeV2": {
            "orchestrator": "Execution" if on_compute else None,
            "traits": traits,
            "attribution": attribution,
            "computeType": "AmlcTrain" if on_compute else None,
        },
        "properties": _properties(workspace, run),
        "parameters": {},
        "actionUris": {"Cancel": f"{family}/Cancel"} | ({} if run.is_reused else {"Diagnose": ""}),
        "scriptName": None,
        "cancelUri": f"{family}/Cancel",
        "completeUri": None,
        "diagnosticsUri": None if run.is_reused else "",
    }


def _surroundings(workspace, run):
    return {
        "target": run.compute.get("target"),
        "uniqueChildRunComputeTargets": [],
        "tags": dict(run.row.get("tags") or {}),
        "settings": {},
        "services": {},
        "inputDatasets": [],
        "outputDatasets": [],
        "runDefinition": None,
        "jobSpecification": None,
        "primaryMetricName": None,
        "createdFrom": None,
        "computeRequest": {"nodeCount": run.compute.get("nodes") or 1, "gpuCount": 0}
        if run.compute
        else None,
        "compute": _compute(workspace, run),
        "retainForLifetimeOfWorkspace": None,
        "queueingInfo": None,
        "inputs": {} if run.compute else None,
        "outputs": _assets(workspace, run),
    }


def user_record(name):
    """A person."""
    return {
        "userObjectId": USER,
        "userPuId": "REDACTED",
        "userIdp": None,
        "userAltSecId": None,
        "userIss": f"https://sts.windows.net/{TENANT}/",
        "userTenantId": TENANT,
        "userName": name,
        "upn": None,
    }


def experiment_of(workspace, run):
    """A child is in the experiment of its root."""
    return workspace.runs.get(run.root_id, run).experiment


def asset_id(workspace, run, output):
    """The data asset that an output is registered as."""
    name = f"azureml_{run.id}_output_data_{output}"
    return (
        f"azureml://locations/{workspace.region}/workspaces/{workspace.workspace_id}/data/{name}/versions/1"
    )


def _modifier(run):
    if by := (run.row.get("cancel") or {}).get("by"):
        return user_record(by)
    if run.is_reused:
        return user_record("loopback")
    service = dict.fromkeys(user_record(""))
    return service | {"userObjectId": SERVICE, "userTenantId": TENANT, "userName": SERVICE}


def _error(run):
    error = run.row.get("error")
    if not error:
        return None
    said = {
        "code": error.get("code"),
        "severity": None,
        "message": error.get("message"),
        "messageFormat": error.get("message"),
        "messageParameters": {},
        "referenceCode": None,
        "detailsUri": None,
        "target": None,
        "details": [],
        "innerError": None,
        "debugInfo": None,
        "additionalInfo": None,
    }
    at = times.history(run.at("ended_at")) or "0001-01-01T00:00:00+00:00"
    around = dict.fromkeys(("correlation", "environment", "location"))
    return {"error": said, **around, "time": at, "componentName": error.get("component")}


def _warnings(run):
    warnings = run.row.get("warnings")
    return [{"source": told.get("source"), "message": told.get("message")} for told in warnings or ()] or None


def _compute(workspace, run):
    if not run.compute:
        return None
    return {
        "target": run.compute.get("target"),
        "targetType": run.compute.get("kind"),
        "vmSize": run.compute.get("size"),
        "instanceType": None,
        "instanceCount": run.compute.get("nodes"),
        "gpuCount": 0,
        "priority": _PRIORITIES.get(run.compute.get("priority"), run.compute.get("priority")),
        "region": workspace.region if run.compute.get("size") else None,
        "armId": None,
        "properties": None,
    }


def _assets(workspace, run):
    # Outputs are registered when the run ends; a step that reuses another has none of its own.
    expected = run.row.get("expected_outputs") or []
    if run.status not in ("Completed", "Failed") or not expected:
        return {} if run.compute else None
    names = ["default", *(output["name"] for output in expected)]
    return {name: {"assetId": asset_id(workspace, run, name), "type": "UriFolder"} for name in names}
