"""Runs that no single execution makes: one that never left the queue, one that the service failed before it began."""

import json
from pathlib import Path

from . import bundle, parents, record
from .bare import bare_run, manifest
from .clock import iso, parse
from .sample import Sample
from .seen import Names


def make(sample: Sample, folder: Path) -> None:
    """Writes the bundle of a special sample."""
    {"queued": _queued, "unstarted": _unstarted, "pipeline": parents.pipeline, "sweep": parents.sweep}[
        sample.special
    ](sample, folder)


def _queued(sample: Sample, folder: Path) -> None:
    """Nothing is executed: this is a run whose process never began."""
    names = Names.of(sample)
    created = parse(sample.started)
    steps = [("NotStarted", created), ("Preparing", created + 4.4), ("Queued", created + 9.1)]
    if sample.stays == "Preparing":
        steps.pop()
    run = bare_run(sample, names) | {
        "status": steps[-1][0],
        "status_history": [{"status": status, "at": iso(at)} for status, at in steps],
        "created_at": iso(created),
        "last_changed_at": iso(steps[-1][1]),
        "command": sample.command.format(script=sample.script),
        "warnings": [
            {
                "source": "AmlCompute",
                "message": "The VM size is currently not available in the region; the job waits.",
            }
        ]
        if steps[-1][0] == "Queued"
        else [],
    }
    code = (Path(__file__).parent / "programs" / sample.program).read_bytes()
    _save_unstarted(sample, folder, run, code, created + sample.watch_s)


def _unstarted(sample: Sample, folder: Path) -> None:
    """Nothing is executed: the service failed the run before the user's process began."""
    names = Names.of(sample)
    created = parse(sample.started)
    wait = record.queue_wait_s(sample)
    failed = created + wait + sample.watch_s
    steps = [("NotStarted", created), ("Preparing", created + 4.4), ("Queued", created + 9.1)]
    steps += [("Running", created + wait), ("Failed", failed)]
    run = bare_run(sample, names) | {
        "status": "Failed",
        "status_history": [{"status": status, "at": iso(at)} for status, at in steps],
        "created_at": iso(created),
        "started_at": iso(created + wait),
        "ended_at": iso(failed),
        "last_changed_at": iso(created + 9.1),
        "command": sample.command.format(script=sample.script),
        "error": {"code": None, "message": None, "component": None, **sample.service_error},
    }
    code = (Path(__file__).parent / "programs" / sample.program).read_bytes()
    _save_unstarted(sample, folder, run, code, failed + 5000)


def _save_unstarted(sample: Sample, folder: Path, run: dict, code: bytes, captured: float) -> None:
    programs = Path(__file__).parent / "programs"
    logs = {path: (programs / text).read_bytes() for path, text in sample.service_logs.items()}
    counts = {"run": 1, "children": 0, "metrics": 0, "outputs": 0, "logs": len(logs), "code": 1}
    rows = [
        {
            "path": path,
            "size": len(data),
            "modified_at": run["ended_at"] or run["last_changed_at"],
            "captured": "whole",
            "omitted_bytes": 0,
        }
        for path, data in logs.items()
    ]
    members = {
        **({"logs.jsonl": "".join(json.dumps(row) + "\n" for row in rows).encode()} if rows else {}),
        **{f"logs/{path}": data for path, data in logs.items()},
        "run.json": bundle.dumps(run),
        f"code/{sample.script}": code,
        "bundle.json": bundle.dumps(manifest(sample, Names.of(sample), captured, counts)),
    }
    bundle.save(members, sample.label, folder)
