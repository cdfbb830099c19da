"""run.json: what the service would say of a run at the time of the capture."""

from . import runtime_core
from .clock import iso
from .sample import Sample
from .seen import Evidence, chance_of


def run_record(seen: Evidence) -> dict:
    """run.json: what the service would say of this run at the capture."""
    sample, names = seen.sample, seen.names
    history = status_history(seen)
    status = history[-1]["status"]
    failed = status == "Failed"
    ended = seen.ended if status in ("Completed", "Failed", "Canceled") else None
    started = seen.clock.t0 - 4.2
    chance = chance_of(sample)
    heartbeat = (
        seen.captured - chance.uniform(3, 50) if ended is None and sample.origin == "azureml" else None
    )
    if heartbeat is not None and sample.stays:
        heartbeat = seen.tree_end + chance.uniform(3, 30)
    error = None
    if sample.service_error:
        error = {"code": None, "message": None, "component": None, **sample.service_error}
    elif failed:
        error = {"code": "UserError", "message": runtime_core.user_error(seen), "component": "CommonRuntime"}
        if sample.runtime == "v1":
            message = (
                "AzureMLCompute job failed.\nJobFailed: Submitted script failed with a non-zero exit code; "
                "see the driver log file for details.\n\tReason: Job failed with non-zero exit Code"
            )
            error = {"code": "UserError", "message": message, "component": None}
    return {
        "id": names.run_id,
        "display_name": sample.display_name or names.run_id,
        "experiment": sample.experiment,
        "description": None,
        "type": "script" if sample.runtime == "v1" else "command",
        "status": status,
        "status_history": history,
        "created_at": history[0]["at"],
        "started_at": iso(started),
        "ended_at": iso(ended),
        "last_changed_at": iso(started + 2.6),
        "heartbeat_at": iso(heartbeat),
        "parent_id": None,
        "root_id": names.run_id,
        "attempt": 1,
        "exit_code": seen.exit_code if sample.origin == "local" else None,
        "error": error,
        "warnings": [],
        "cancel": {"reason": "User requested cancelation", "by": "ml-engineer"}
        if seen.cancel_requested and not sample.service_error
        else None,
        "timeout_s": None,
        "command": seen.node_path(sample.command.format(script=sample.script)),
        "environment": sample.environment_name,
        "compute": {
            "target": sample.compute,
            "kind": "amlcompute" if sample.origin == "azureml" else "local",
            "size": sample.size if sample.origin == "azureml" else None,
            "nodes": 1,
            "priority": sample.priority,
        },
        "distribution": {"kind": "pytorch", "processes": sample.ranks} if sample.ranks else None,
        "expected_outputs": [
            {
                "name": output.name,
                "type": output.type,
                "mode": output.mode,
                "uri": f"azureml://datastores/workspaceblobstore/paths/azureml/{names.run_id}/{output.name}/",
            }
            for output in sample.outputs
        ],
        "tags": {**sample.tags, **{key: str(value) for key, value in seen.tags.items()}},
        "properties": {
            "_azureml.ComputeTargetType": "amlctrain",
            "ProcessInfoFile": "azureml-logs/process_info.json",
            "ProcessStatusFile": "azureml-logs/process_status.json",
        },
        "inputs": {
            "data": {
                "type": "uri_folder",
                "mode": "mount",
                "uri": "azureml://datastores/workspaceblobstore/paths/data/",
            }
        }
        if sample.inputs
        else {},
    }


def queue_wait_s(sample: Sample) -> float:
    """How long the run waited for a node."""
    return chance_of(sample).uniform(40, 900)


def status_history(seen: Evidence) -> list[dict]:
    """The words of the service, in order; Finalizing lasts as long as output collection."""
    t0, v1 = seen.clock.t0, seen.sample.runtime == "v1"
    wait = queue_wait_s(seen.sample)
    steps = [
        ("NotStarted", t0 - wait - 26),
        ("Preparing", t0 - wait - 21),
        ("Queued", t0 - wait),
        ("Running", t0 - 4.2),
    ]
    if seen.sample.service_error and (seen.cancel_requested is not None):
        return _stamped([*steps, ("Failed", seen.ended)])
    if seen.cancel_requested is not None:
        steps.append(("CancelRequested", seen.cancel_requested - 1.3))
        if seen.sample.stays != "CancelRequested":
            steps.append(("Canceled", seen.ended))
    elif v1 and seen.driver_finalizing is not None and seen.sample.stays != "Running":
        steps.append(("Finalizing", seen.driver_finalizing))
    elif seen.tree_end is not None and seen.sample.stays != "Running":
        steps.append(("Finalizing", seen.tree_end + 1.6))
    if seen.ended is not None and seen.cancel_requested is None:
        well = seen.exit_code == 0 and not seen.sample.service_error
        steps.append(("Completed" if well else "Failed", seen.ended))
    if seen.sample.unheard_s:
        steps.append(("NotResponding", seen.captured + 420.0))
    return _stamped(steps)


def _stamped(steps: list[tuple[str, float]]) -> list[dict]:
    return [{"status": status, "at": iso(at)} for status, at in steps]
