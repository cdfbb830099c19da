"""Runs that no single execution makes: a run that never left the queue, a pipeline and its steps."""

import json
from dataclasses import replace
from pathlib import Path

from . import bundle, record
from .clock import iso, parse
from .execution import execute
from .sample import NamedOutput, Sample
from .seen import Evidence, Names

PAUSE_S = 31.0  # between the steps of a pipeline
STEP_OUTPUTS = {
    "fit.py": ("model",),
    "checkpoint_saver.py": ("checkpoints",),
    "checkpoint_saver__mended.py": ("checkpoints",),
}


def make(sample: Sample, folder: Path) -> None:
    """Writes the bundle of a special sample."""
    {"queued": _queued, "pipeline": _pipeline}[sample.special](sample, folder)


def _manifest(sample: Sample, names: Names, captured: float, counts: dict[str, int]) -> dict:
    return {
        "format": "run-evidence-bundle",
        "version": 1,
        "captured_at": iso(captured),
        "captured_by": "lab 1",
        "origin": bundle.origin(sample, names),
        "clock_skew_s": 0.1,
        "parts": {part: {"state": "complete", "items": items} for part, items in counts.items()},
    }


def _bare_run(sample: Sample, names: Names) -> dict:
    """The fields of run.json that every run has, for one of which little is known."""
    return {
        "id": names.run_id,
        "display_name": sample.display_name or names.run_id,
        "experiment": sample.experiment,
        "description": None,
        "type": "command",
        "status": None,
        "status_history": [],
        "created_at": None,
        "started_at": None,
        "ended_at": None,
        "last_changed_at": None,
        "heartbeat_at": None,
        "parent_id": None,
        "root_id": names.run_id,
        "attempt": 1,
        "exit_code": None,
        "error": None,
        "warnings": [],
        "cancel": None,
        "timeout_s": None,
        "command": None,
        "environment": sample.environment_name,
        "compute": {
            "target": sample.compute,
            "kind": "amlcompute",
            "size": sample.size,
            "nodes": 1,
            "priority": sample.priority,
        },
        "distribution": None,
        "expected_outputs": [],
        "tags": {},
        "properties": {},
        "inputs": {},
    }


def _queued(sample: Sample, folder: Path) -> None:
    """Nothing is executed: this is a run whose process never began."""
    names = Names.of(sample)
    created = parse(sample.started)
    steps = [("NotStarted", created), ("Preparing", created + 4.4), ("Queued", created + 9.1)]
    run = _bare_run(sample, names) | {
        "status": "Queued",
        "status_history": [{"status": status, "at": iso(at)} for status, at in steps],
        "created_at": iso(created),
        "last_changed_at": iso(created + 9.1),
        "command": sample.command.format(script=sample.script),
        "warnings": [
            {
                "source": "AmlCompute",
                "message": "The VM size is currently not available in the region; the job waits.",
            }
        ],
    }
    code = (Path(__file__).parent / "programs" / sample.program).read_bytes()
    counts = {"run": 1, "children": 0, "metrics": 0, "outputs": 0, "logs": 0, "code": 1}
    members = {
        "run.json": bundle.dumps(run),
        f"code/{sample.script}": code,
        "bundle.json": bundle.dumps(_manifest(sample, names, created + sample.watch_s, counts)),
    }
    bundle.save(members, sample.label, folder)


def _pipeline(sample: Sample, folder: Path) -> None:
    """Executes the steps one after the other; the parent's bundle tells of each what the service would."""
    names = Names.of(sample)
    steps: list[Evidence] = []
    begins = parse(sample.started)
    for number, program in enumerate(sample.steps):
        name = f"{sample.name}-{number}"
        outputs = tuple(NamedOutput(name) for name in STEP_OUTPUTS.get(program, ()))
        step = replace(
            sample,
            name=name,
            program=program,
            special="",
            steps=(),
            outputs=outputs,
            script=program.replace("__mended", ""),
            display_name=program.split(".")[0].split("__")[0],
        )
        begins += record.queue_wait_s(step) + PAUSE_S
        steps.append(execute(replace(step, started=iso(begins))))
        begins = steps[-1].ended or steps[-1].captured
    children = [_child(step, names) for step in steps]
    created = parse(sample.started)
    ended = _closed_at(sample, steps)
    captured = ended + 3100 if ended else steps[-1].captured
    if sample.never_begun:
        children.append(_never_begun(sample, steps[-1].ended + PAUSE_S))
        captured = steps[-1].ended + sample.watch_s
    if sample.closed_after_s:
        captured = steps[-1].captured
    history = [("NotStarted", created), ("Preparing", created + 1), ("Running", created + 3)]
    history += [("Finalizing", ended - 2), ("Completed", ended)] if ended else []
    run = _bare_run(sample, names) | {
        "type": "pipeline",
        "status": history[-1][0],
        "status_history": [{"status": status, "at": iso(at)} for status, at in history],
        "created_at": iso(created),
        "started_at": iso(created + 3),
        "ended_at": iso(ended),
        "last_changed_at": iso(created + 4),
        "environment": None,
        "compute": None,
    }
    log = _parent_log(steps, ended)
    row = {
        "path": "logs/azureml/executionlogs.txt",
        "size": len(log),
        "modified_at": iso(ended or parse(children[-1]["created_at"])),
        "captured": "whole",
        "omitted_bytes": 0,
    }
    counts = {"run": 1, "children": len(children), "metrics": 0, "outputs": 0, "logs": 1, "code": 0}
    members = {
        "run.json": bundle.dumps(run),
        "children.jsonl": "".join(json.dumps(child) + "\n" for child in children).encode(),
        "logs.jsonl": (json.dumps(row) + "\n").encode(),
        "logs/logs/azureml/executionlogs.txt": log,
        "bundle.json": bundle.dumps(_manifest(sample, names, captured, counts)),
    }
    bundle.save(members, sample.label, folder)


def _closed_at(sample: Sample, steps: list[Evidence]) -> float | None:
    """When the service closes the pipeline: with its last step, or without it where the sample says so."""
    if sample.closed_after_s:
        return steps[-1].clock.t0 + sample.closed_after_s
    if sample.never_begun or steps[-1].ended is None:
        return None
    return steps[-1].ended + 6


def _never_begun(sample: Sample, created: float) -> dict:
    """A step that waits for a node: nothing is executed, as nothing would have been."""
    names = Names.of(replace(sample, name=f"{sample.name}-{len(sample.steps)}"))
    run = _bare_run(sample, names) | {
        "display_name": sample.never_begun,
        "status": "Queued",
        "created_at": iso(created),
        "last_changed_at": iso(created + 9.1),
    }
    return {key: run[key] for key in CHILD_FIELDS} | {
        "parent_id": Names.of(sample).run_id,
        "last_log_at": None,
        "last_metric_at": None,
    }


CHILD_FIELDS = (
    "id",
    "display_name",
    "type",
    "status",
    "created_at",
    "started_at",
    "ended_at",
    "last_changed_at",
    "heartbeat_at",
    "exit_code",
    "error",
)


def _child(step: Evidence, parent: Names) -> dict:
    run = record.run_record(step)
    metrics = [point["at"] for point in step.metrics]
    return {key: run[key] for key in CHILD_FIELDS} | {
        "parent_id": parent.run_id,
        "last_log_at": iso(step.log_modified) if step.log else None,
        "last_metric_at": iso(max(metrics)) if metrics else None,
    }


def _parent_log(steps: list[Evidence], ended: float | None) -> bytes:
    """What a pipeline's own log says (worded from memory of such logs; no recorded one was found)."""
    lines = []
    for step in steps:
        created = parse(record.run_record(step)["created_at"])
        lines.append(
            (
                created - 1,
                f"Submitting 1 runs, first five are: {step.names.execution[:8]}:{step.names.run_id}",
            )
        )
        if step.ended is not None:
            lines.append((step.ended + 3, f"Completing processing run id {step.names.run_id}."))
    if ended is not None:
        lines.append((ended - 1, "Finishing experiment: no runs left and nothing to schedule."))
    lines.sort()
    return "".join(f"[{iso(at)[:19].replace('T', ' ')}Z] {text}\n" for at, text in lines).encode()
