"""What real clients delivered to a loopback workspace, in the words of the lab's own server."""

import json
import re
from datetime import datetime
from urllib.parse import unquote

from .clock import LabClock


def metrics(requests, clock: LabClock) -> dict[str, dict]:
    """Every point that the service took in, with the client's time of logging and the time of arrival."""
    found: dict[str, dict] = {}
    for asked in _taken(requests, "metric-write"):
        for series in json.loads(asked.body).get("values") or []:
            for point in series["value"]:
                # A batch that came twice is the same points.
                found.setdefault(point["metricId"], _point(series["name"], point, clock.lab(asked.at)))
    for asked in _taken(requests, "mlflow-write"):
        body = json.loads(asked.body)
        if asked.path.endswith("/log-metric"):
            body = {"metrics": [body]}
        for number, point in enumerate(body.get("metrics") or []):
            found[f"{asked.at}/{number}"] = {
                "name": point["key"],
                "value": _value(point["value"]),
                "step": int(point.get("step") or 0),
                "at": int(point["timestamp"]) / 1000,
                "ingested_at": clock.lab(asked.at),
            }
    return found


def tags(requests) -> dict[str, object]:
    """Tags that were set on the run."""
    found: dict[str, object] = {}
    for asked in _taken(requests, "run-write"):
        found |= json.loads(asked.body or b"{}").get("tags") or {}
    for asked in _taken(requests, "mlflow-write"):
        body = json.loads(asked.body)
        if asked.path.endswith("/set-tag"):
            found[body["key"]] = body["value"]
        found |= {tag["key"]: tag["value"] for tag in body.get("tags") or []}
    return found


def artifacts(world, workspace, run_id: str, clock: LabClock) -> dict[str, dict]:
    """Every artifact of which storage holds something; one that was only created is a record and no blob."""
    found: dict[str, dict] = {}
    prefix = workspace.runs[run_id].artifact_prefix
    for asked in _taken(world.requests, "artifact-create"):
        at = clock.lab(asked.at)
        for path in (each["path"] for each in json.loads(asked.body)["paths"]):
            if path.startswith("logs/"):
                continue  # azureml-core's own log, which a capture has among the logs
            found[path] = {"created": at, "modified": at, "blocks": b"", "data": b"", "committed": False}
    for asked in _taken(world.requests, "blob-write", 201):
        path = unquote(asked.path.split("/", 2)[2]).removeprefix(prefix)
        if path in found:
            _written(found[path], asked, clock.lab(asked.at))
    return {path: artifact for path, artifact in found.items() if artifact["committed"] or artifact["blocks"]}


def _written(artifact: dict, asked, at: float) -> None:
    """One write to a blob: a block that is staged, a list that commits, or the blob in one piece."""
    kind = asked.query.get("comp")
    if kind == "block":
        artifact.setdefault("staged", {})[asked.query["blockid"]] = asked.body
    elif kind == "blocklist":
        listed = re.findall(r"<Latest>([^<]*)</Latest>", asked.body.decode())
        staged = artifact.pop("staged", {})
        artifact.update(data=b"".join(staged[name] for name in listed), modified=at, committed=True)
    elif kind == "appendblock":
        artifact.update(data=artifact["data"] + asked.body, modified=at, committed=True)
    elif kind is None:
        artifact.update(data=asked.body, modified=at, committed=True)
    artifact["blocks"] = b"".join(artifact.get("staged", {}).values())


def _taken(requests, resource: str, status: int = 200):
    return [asked for asked in list(requests) if asked.resource == resource and asked.status == status]


def _point(name: str, point: dict, at: float) -> dict:
    return {
        "name": name,
        "value": _value(point["data"].get(name)),
        "step": point.get("step"),
        "at": datetime.fromisoformat(point["createdUtc"]).timestamp(),
        "ingested_at": at,
    }


def _value(value):
    return float(value) if value in ("NaN", "Infinity", "-Infinity") else value
