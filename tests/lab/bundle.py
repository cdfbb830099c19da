"""Writes what was seen of an execution as an evidence bundle, version 1, with the truth beside it."""

import gzip
import json
import math
import shutil
from pathlib import Path

from . import runtime_v1, runtime_v2
from .clock import iso
from .record import run_record, status_history
from .sample import Label, Sample
from .seen import Evidence, chance_of

STATUSES = {
    "completed": ("Completed",),
    "false-completion": ("Completed",),
    "failed": ("Failed",),
    "cut-short": ("Canceled", "Failed"),
    "stuck": ("Running", "Finalizing", "CancelRequested", "NotResponding"),
    "in-progress": ("Running", "Finalizing"),
    "unknown": ("Running",),
}
LONGEST_LOG = 11_000  # a longer log of the runtime is kept by its ends
LONGEST_PLAIN = 40_000  # a longer list of metrics is packed
KEPT_HEAD, KEPT_TAIL = 6_500, 3_500


def write(seen: Evidence, folder: Path) -> None:
    """Writes the bundle in place of what lies in `folder`.

    Raises RuntimeError when the run did not end as its label says.
    """
    status, outcome = status_history(seen)[-1]["status"], seen.sample.label.outcome
    if status not in STATUSES[outcome]:
        raise RuntimeError(f"{seen.sample.name} is labelled {outcome} and went {status}")
    parts = {"run": 1, "children": 0}
    members: dict[str, bytes] = {"run.json": dumps(run_record(seen))}
    metrics = [_metric(point) for point in seen.metrics]
    outputs = [blob.row(iso) for blob in sorted(seen.blobs, key=lambda blob: (blob.output, blob.path))]
    members["metrics.jsonl"], parts["metrics"] = _lines(metrics), len(metrics)
    members["outputs.jsonl"], parts["outputs"] = _lines(outputs), len(outputs)
    logs = _logs(seen)
    members |= {f"logs/{path}": data for path, (_, data) in logs.items()}
    members["logs.jsonl"], parts["logs"] = _lines([row for row, _ in logs.values()]), len(logs)
    members |= {f"code/{name}": data for name, data in seen.code.items()}
    parts["code"] = len(seen.code)
    if seen.sample.origin == "local":
        members["processes.jsonl"] = _lines(_processes(seen))
        parts["processes"] = len(seen.processes)
    members["bundle.json"] = dumps(_manifest(seen, parts, members))
    if len(members["metrics.jsonl"]) > LONGEST_PLAIN:
        members["metrics.jsonl.gz"] = gzip.compress(members.pop("metrics.jsonl"), mtime=0)
    for part in seen.sample.denied:
        _withhold(part, members)
    save(members, seen.sample.label, folder)


def save(members: dict[str, bytes], label: Label, folder: Path) -> None:
    """Replaces the bundle in `folder`; files of others beside it (expected.json) stay."""
    kept = {path.name: path.read_bytes() for path in folder.glob("expected*")} if folder.exists() else {}
    shutil.rmtree(folder, ignore_errors=True)
    members["label.json"] = dumps(
        {
            "outcome": label.outcome,
            "cause": label.cause,
            "mechanism": label.mechanism,
            "why": label.why,
            "acceptable": list(label.acceptable),
        }
    )
    for name, data in (members | kept).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def origin(sample: Sample, names) -> dict:
    """Where the capture says it came from."""
    if sample.origin == "local":
        return {
            "kind": "local",
            "subscription_id": None,
            "resource_group": None,
            "workspace": None,
            "region": None,
            "sdk": "v1" if sample.runtime == "v1" else "v2",
            "portal_url": None,
        }
    query = f"wsid=/subscriptions/{names.subscription}/resourcegroups/{names.resource_group}"
    query += f"/workspaces/{names.workspace}"
    return {
        "kind": "azureml",
        "subscription_id": names.subscription,
        "resource_group": names.resource_group,
        "workspace": names.workspace,
        "region": sample.region,
        "sdk": "v1" if sample.runtime == "v1" else "v2",
        "portal_url": f"https://ml.azure.com/runs/{names.run_id}?{query}",
    }


def _manifest(seen: Evidence, parts: dict[str, int], members: dict[str, bytes]) -> dict:
    prefix = {"run": "run.json", "code": "code/", "logs": "logs"}
    states = {}
    for part, items in parts.items():
        begins = prefix.get(part, part + ".")
        size = sum(len(data) for name, data in members.items() if name.startswith(begins))
        states[part] = {"state": "complete", "items": items, "bytes": size}
    for part, reason in seen.sample.denied.items():
        states[part] = {"state": "denied", "reason": reason}
    return {
        "format": "run-evidence-bundle",
        "version": 1,
        "captured_at": iso(seen.captured + seen.sample.unheard_s),
        "captured_by": "lab 1",
        "origin": origin(seen.sample, seen.names),
        "clock_skew_s": round(chance_of(seen.sample).uniform(-0.6, 0.9), 1),
        "parts": states,
    }


def _metric(point: dict) -> dict:
    value = point["value"]
    if isinstance(value, float) and not math.isfinite(value):
        value = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return {
        "name": point["name"],
        "value": value,
        "step": point["step"],
        "at": iso(point["at"]),
        "ingested_at": iso(point["ingested_at"]),
    }


def _logs(seen: Evidence) -> dict[str, tuple[dict, bytes]]:
    if seen.sample.runtime == "v1":
        found = runtime_v1.logs(seen)
    else:
        found = {path: (text.encode(), at) for path, (text, at) in runtime_v2.logs(seen).items()}
        if seen.log:
            found["user_logs/std_log.txt"] = (seen.log, seen.log_modified)
        found |= {f"user_logs/{name}": said for name, said in seen.rank_logs.items()}
    made = {}
    for path, (data, at) in sorted(found.items()):
        user = path.startswith("user_logs/") or "70_driver" in path
        kept, omitted = (data, 0) if user or len(data) <= LONGEST_LOG else _ends(data)
        row = {
            "path": path,
            "size": len(data),
            "modified_at": iso(at),
            "captured": "ends" if omitted else "whole",
            "omitted_bytes": omitted,
        }
        made[path] = (row, kept)
    return made


def _ends(data: bytes) -> tuple[bytes, int]:
    """The first and the last whole lines, and how many bytes lie between them."""
    head = data[: data.rfind(b"\n", 0, KEPT_HEAD) + 1]
    tail = data[data.find(b"\n", len(data) - KEPT_TAIL) + 1 :]
    omitted = len(data) - len(head) - len(tail)
    return head + f"⟪… {omitted} bytes omitted …⟫\n".encode() + tail, omitted


def _processes(seen: Evidence) -> list[dict]:
    lab, until = seen.clock.lab, seen.captured
    return [
        {
            "pid": process.pid,
            "parent_pid": process.parent,
            "name": process.name,
            "command": seen.node_path(process.command),
            "state": "ended"
            if process.ended is not None
            else "stopped"
            if process.pid in seen.stopped
            else "running"
            if process.pid in seen.running
            else {"S": "sleeping", "R": "running", "T": "sleeping", "D": "disk-sleep"}.get(
                process.state, process.state
            ),
            "started_at": iso(max(seen.clock.t0, lab(process.started))),
            "ended_at": iso(lab(process.ended)) if process.ended is not None else None,
            "exit_code": process.exit_code,
            "seen_at": iso(until if process.ended is None else lab(process.ended)),
        }
        for process in sorted(seen.processes, key=lambda process: process.pid)
    ]


def _withhold(part: str, members: dict[str, bytes]) -> None:
    begins = {"logs": ("logs.jsonl", "logs/"), "code": ("code/",), "run": ()}.get(part, (f"{part}.jsonl",))
    for name in [name for name in members if name.startswith(begins or ("\0",))]:
        del members[name]


def dumps(value: object) -> bytes:
    """A document as bundles hold it."""
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def _lines(rows: list[dict]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
