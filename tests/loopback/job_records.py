"""A run as Azure Resource Manager tells it: a job, field by field as recorded."""

from diagnose.evidence.bundle import PartState

from . import times
from .run_records import experiment_of
from .workspace import ARTIFACT_STORE, BLOB_STORE, identifier

_KINDS = {"pipeline": "Pipeline", "sweep": "Sweep", "automl": "AutoML", "spark": "Spark"}
_MODES = {"mount": "ReadWriteMount", "upload": "Upload", "direct": "Direct", "download": "Download"}
_INPUT_MODES = {"mount": "ReadOnlyMount", "download": "Download", "direct": "Direct"}
_DISTRIBUTIONS = {"mpi": "Mpi", "pytorch": "PyTorch", "tensorflow": "TensorFlow", "ray": "Ray"}
_COUNTS = {
    "Mpi": "processCountPerInstance",
    "PyTorch": "processCountPerInstance",
    "TensorFlow": "workerCount",
    "Ray": None,
}


def job_record(workspace, run):
    """A job as ARM tells it; of a pipeline step it tells no properties."""
    told = {
        "id": f"{workspace.scope}/jobs/{run.id}",
        "name": run.id,
        "type": "Microsoft.MachineLearningServices/workspaces/jobs",
        "properties": _job_properties(workspace, run),
        "systemData": {
            "createdAt": times.history(run.created_at),
            "createdBy": run.owner,
            "createdByType": "User",
        },
    }
    if run.is_step:
        del told["properties"]
    return told


def _job_properties(workspace, run):
    kind = _KINDS.get(run.type, "Command")
    target = run.compute.get("target")
    return {
        "description": run.row.get("description"),
        "tags": dict(run.row.get("tags") or {}),
        "properties": run.properties,
        "displayName": run.row.get("display_name") or run.id,
        "status": run.status,
        "experimentName": experiment_of(workspace, run),
        "services": _services(workspace, run),
        "computeId": f"{workspace.scope}/computes/{target}" if target else None,
        "isArchived": False,
        "identity": {"identityType": "AMLToken"} if kind == "Command" else None,
        "componentId": None,
        "jobType": kind,
        **_OF_KIND[kind](workspace, run),
        "outputs": _outputs(workspace, run),
    }


def _command(workspace, run):
    timeout = run.row.get("timeout_s")
    return {
        "resources": _resources(run),
        "codeId": code_id(workspace, run),
        "command": run.row.get("command"),
        "environmentId": run.row.get("environment"),
        "inputs": _inputs(run),
        "distribution": _distribution(run),
        "autologgerSettings": None,
        "limits": {"timeout": times.duration(timeout), "jobLimitsType": "Command"} if timeout else None,
        "environmentVariables": {},
        "parameters": {},
    }


def _pipeline(workspace, run):
    steps = [_step(workspace, child) for child in workspace.children_of(run.id)]
    return {
        "settings": {"_source": "YAML.JOB"},
        "jobs": {step["name"]: step for step in steps},
        "inputs": _inputs(run),
        "sourceJobId": None,
    }


def _step(workspace, child):
    name = child.row.get("display_name") or child.id
    component = f"components/azureml_anonymous/versions/{identifier(workspace.workspace_id, name)}"
    target = child.compute.get("target") or "cpu-cluster"
    return {
        "name": name,
        "type": "pipeline" if child.type == "pipeline" else "command",
        "computeId": f"{workspace.scope}/computes/{target}",
        "_source": "YAML.JOB",
        "componentId": f"{workspace.scope}/{component}",
    }


def _sweep(workspace, run):
    timeout, trials = run.row.get("timeout_s"), len(workspace.children_of(run.id))
    return {
        "notificationSetting": None,
        "searchSpace": {"lr": ["uniform", [0.001, 0.1]]},
        "samplingAlgorithm": {
            "samplingAlgorithmType": "Random",
            "seed": None,
            "logbase": None,
            "rule": "Random",
        },
        "limits": {
            "timeout": times.duration(timeout) if timeout else None,
            "jobLimitsType": "Sweep",
            "maxTotalTrials": max(trials, 1),
            "maxConcurrentTrials": max(trials, 1),
            "trialTimeout": None,
        },
        "earlyTermination": None,
        "objective": {"primaryMetric": "accuracy", "goal": "Maximize"},
        "trial": {
            "codeId": code_id(workspace, run),
            "command": run.row.get("command") or "python train.py --lr ${{search_space.lr}}",
            "environmentId": run.row.get("environment"),
            "environmentVariables": {},
            "distribution": _distribution(run),
            "resources": _trial_resources(run),
        },
        "inputs": _inputs(run),
        "queueSettings": None,
    }


def _automl(workspace, run):
    return {
        "resources": _resources(run),
        "environmentId": run.row.get("environment"),
        "environmentVariables": None,
        "taskDetails": {
            "logVerbosity": "Info",
            "trainingData": {
                "description": None,
                "uri": f"azureml://datastores/{BLOB_STORE}/paths/data",
                "mode": "ReadOnlyMount",
                "jobInputType": "mltable",
            },
            "targetColumnName": "y",
            "limitSettings": None,
            "taskType": "Classification",
            "primaryMetric": "Accuracy",
        },
    }


def _spark(workspace, run):
    return {
        "codeId": code_id(workspace, run),
        "entry": {"sparkJobEntryType": "SparkJobPythonEntry", "file": "main.py"},
        "args": run.row.get("command"),
        "environmentId": run.row.get("environment"),
        "inputs": _inputs(run),
        "conf": {},
    }


_OF_KIND = {"Command": _command, "Pipeline": _pipeline, "Sweep": _sweep, "AutoML": _automl, "Spark": _spark}


def code_id(workspace, run):
    """The id of the run's source snapshot, None when the run has none."""
    known = run.code or (not run.is_child and run.bundle.part("code").state is PartState.DENIED)
    return f"{workspace.scope}/codes/{workspace.code_name(run)}/versions/1" if known else None


def _resources(run):
    return {
        "instanceCount": run.compute.get("nodes") or 1,
        "instanceType": run.compute.get("size"),
        "properties": None,
        "shmSize": "2g",
        "dockerArgs": None,
    }


def _trial_resources(run):
    told = _resources(run) | {"locations": None}
    del told["shmSize"]
    return told


def _distribution(run):
    given = run.row.get("distribution")
    if not given:
        return None
    kind = _DISTRIBUTIONS.get(str(given.get("kind")).lower(), given.get("kind"))
    count = _COUNTS.get(kind, "processCountPerInstance")
    return {"distributionType": kind} | ({count: given.get("processes")} if count else {})


def _inputs(run):
    return {
        name: {
            "description": None,
            "uri": given.get("uri"),
            "mode": _INPUT_MODES.get(given.get("mode"), "ReadOnlyMount"),
            "jobInputType": given.get("type"),
        }
        for name, given in (run.row.get("inputs") or {}).items()
    }


def _outputs(workspace, run):
    told = {output["name"]: _output(output) for output in run.row.get("expected_outputs") or []}
    if run.type != "pipeline":
        uri = f"azureml://datastores/{ARTIFACT_STORE}/ExperimentRun/{run.data_container}"
        told["default"] = _output({"uri": uri, "type": "uri_folder", "mode": "mount"})
    return told


def _output(output):
    return {
        "description": None,
        "uri": output.get("uri"),
        "assetName": None,
        "assetVersion": None,
        "mode": _MODES.get(output.get("mode"), "ReadWriteMount"),
        "jobOutputType": output.get("type") or "uri_folder",
    }


def _services(workspace, run):
    group = f"/subscriptions/{workspace.subscription_id}/resourcegroups/{workspace.resource_group}"
    studio = f"https://ml.azure.com/runs/{run.id}?wsid={group}/workspaces/{workspace.name}"
    tracking = f"azureml://{workspace.host}/mlflow/v1.0{workspace.scope}?"
    endpoints = {"Tracking": tracking, "Studio": studio}
    if run.type == "sweep":
        del endpoints["Tracking"]
    return {name: _service(name, endpoint) for name, endpoint in endpoints.items()}


def _service(name, endpoint):
    unset = dict.fromkeys(("status", "errorMessage", "properties", "nodes"))
    return {"jobServiceType": name, "port": None, "endpoint": endpoint, **unset}
