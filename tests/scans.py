"""Folders as scans leave them, for tests: `line(...)` is one line of `results.jsonl`, `scan_folder(...)` a scan."""

import json
from pathlib import Path

WORKSPACE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"


def line(run="run-1", /, *, workspace_id=WORKSPACE, cause="lingering-child-process", idle=7200.0, **more):
    """A verdict of a stuck run, with what a scan adds; `more` goes into the record, and its tables are merged."""
    made = {
        "schema": "run-verdict",
        "version": 1,
        "run": {
            "id": run,
            "display_name": f"train {run}",
            "experiment": "nightly",
            "status": "Running",
            "type": "command",
            "compute": "gpu (1 node)",
            "created_at": "2026-11-20T08:00:00Z",
            "started_at": "2026-11-20T08:05:00.25Z",
            "ended_at": None,
            "duration_s": 9900.5,
            "portal_url": f"https://ml.azure.com/runs/{run}",
        },
        "outcome": "stuck",
        "cause": cause,
        "mechanism": "non-daemon-thread",
        "certainty": "established",
        "headline": "A thread holds the run open.",
        "evidence": [],
        "idle_tail_s": idle,
        "scan": {
            "workspace_id": workspace_id,
            "workspace": "w",
            "owner": "Ada",
            "size": "STANDARD_NC6S_V3",
            "nodes": 2,
            "priority": "dedicated",
            "report": f"runs/{run}.html",
            "seen_at": "2026-11-20T12:00:00Z",
        },
    }
    for key, value in more.items():
        made[key] = made[key] | value if isinstance(made.get(key), dict) else value
    return made


def scan_folder(folder: Path, *lines, started_at="2026-11-20T11:00:00Z") -> Path:
    """A scan of these lines; one that is bytes is written as it is. No `scan.json` without a time."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [each if isinstance(each, bytes) else json.dumps(each).encode() + b"\n" for each in lines]
    (folder / "results.jsonl").write_bytes(b"".join(written))
    if started_at:
        facts = {"format": "run-scan", "version": 1, "started_at": started_at}
        (folder / "scan.json").write_text(json.dumps(facts), encoding="utf-8")
    return folder
