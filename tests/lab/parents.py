"""Runs with children: a pipeline and its steps, a sweep and its trials.

A step is a program of `programs/`; `reused:NAME` is one whose earlier run was taken instead, and
`canceled@SECONDS:NAME` one that the service's early termination ended.
"""

import json
from dataclasses import replace
from pathlib import Path

from . import bundle, record
from .bare import bare_run, manifest
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


def pipeline(sample: Sample, folder: Path) -> None:
    """Executes the steps one after the other; the parent's bundle tells of each what the service would."""
    names = Names.of(sample)
    steps: list[Evidence] = []
    reused: list[dict] = []
    begins = parse(sample.started)
    for number, program in enumerate(sample.steps):
        if program.startswith("reused:"):
            reused.append(_reused(sample, names, begins + PAUSE_S, program.removeprefix("reused:")))
            begins += PAUSE_S
            continue
        step = _step(sample, number, program)
        begins += record.queue_wait_s(step) + PAUSE_S
        steps.append(execute(replace(step, started=iso(begins))))
        begins = steps[-1].ended or steps[-1].captured
    children = reused + [_child(step, names) for step in steps]
    if sample.never_begun:
        children.append(_never_begun(sample, steps[-1].ended + PAUSE_S))
    log = _parent_log(steps, _closed_at(sample, steps))
    _save_parent(sample, folder, steps, children, ("logs/azureml/executionlogs.txt", log))


def sweep(sample: Sample, folder: Path) -> None:
    """Executes the trials, which began within a minute of each other; the parent tells of each."""
    names = Names.of(sample)
    trials: list[Evidence] = []
    for number, program in enumerate(sample.steps):
        at, _, name = program.rpartition(":")
        trial = _step(sample, number, name)
        stop = float(at.removeprefix("canceled@")) if at else None
        begins = parse(sample.started) + record.queue_wait_s(trial) + 40 + 7 * number
        trial = replace(
            trial,
            started=iso(begins),
            cancel_at_s=stop,
            watch_s=parse(sample.started) + sample.watch_s - begins,  # all of them are seen at one moment
            display_name=f"{names.run_id}_{number}",
            environment={**sample.environment, "TRIAL": str(number)},
        )
        trials.append(execute(trial))
    ids = [f"{names.run_id}_{number}" for number in range(len(trials))]
    children = [
        _child(trial, names) | {"id": name, "display_name": name}
        for name, trial in zip(ids, trials, strict=True)
    ]
    _save_parent(
        sample, folder, trials, children, ("azureml-logs/hyperdrive.txt", _sweep_log(sample, trials))
    )


def _step(sample: Sample, number: int, program: str) -> Sample:
    return replace(
        sample,
        name=f"{sample.name}-{number}",
        program=program,
        special="",
        steps=(),
        outputs=tuple(NamedOutput(name) for name in STEP_OUTPUTS.get(program, ())),
        script=program.replace("__mended", ""),
        display_name=program.split(".", maxsplit=1)[0].split("__", maxsplit=1)[0],
    )


def _reused(sample: Sample, parent: Names, at: float, program: str) -> dict:
    """A step that the service took from an earlier run: Completed within a tenth of a second."""
    child = Names.of(replace(sample, name=f"{sample.name}-{program}"))
    return {
        "id": child.run_id,
        "display_name": program.split(".", maxsplit=1)[0],
        "type": "command",
        "status": "Completed",
        "created_at": iso(at),
        "started_at": iso(at + 0.02),
        "ended_at": iso(at + 0.08),
        "last_changed_at": iso(at + 0.08),
        "heartbeat_at": None,
        "exit_code": None,
        "error": None,
        "parent_id": parent.run_id,
        "last_log_at": None,
        "last_metric_at": None,
        "properties": {"azureml.isreused": "true"},
    }


def _save_parent(
    sample: Sample, folder: Path, steps: list[Evidence], children: list[dict], parent_log: tuple[str, bytes]
) -> None:
    names, (path, log) = Names.of(sample), parent_log
    created = parse(sample.started)
    ended = _closed_at(sample, steps)
    captured = _captured_at(sample, steps, ended)
    history = [("NotStarted", created), ("Preparing", created + 1), ("Running", created + 3)]
    history += [("Finalizing", ended - 2), ("Completed", ended)] if ended else []
    run = bare_run(sample, names) | {
        "type": sample.special,
        "status": history[-1][0],
        "status_history": [{"status": status, "at": iso(at)} for status, at in history],
        "created_at": iso(created),
        "started_at": iso(created + 3),
        "ended_at": iso(ended),
        "last_changed_at": iso(created + 4),
        "environment": None,
        "compute": None,
    }
    row = {
        "path": path,
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
        f"logs/{path}": log,
        "bundle.json": bundle.dumps(manifest(sample, names, captured, counts)),
    }
    bundle.save(members, sample.label, folder)


def _closed_at(sample: Sample, steps: list[Evidence]) -> float | None:
    """When the service closes the parent: with its last child, or without it where the sample says so."""
    if sample.closed_after_s:
        return steps[-1].clock.t0 + sample.closed_after_s
    if sample.never_begun or any(step.ended is None for step in steps):
        return None
    return max(step.ended for step in steps) + 6


def _captured_at(sample: Sample, steps: list[Evidence], ended: float | None) -> float:
    if sample.never_begun:
        return steps[-1].ended + sample.watch_s
    if sample.closed_after_s:
        return steps[-1].captured
    return ended + 3100 if ended else max(step.captured for step in steps if step.ended is None)


def _never_begun(sample: Sample, created: float) -> dict:
    """A step that waits for a node: nothing is executed, as nothing would have been."""
    names = Names.of(replace(sample, name=f"{sample.name}-{len(sample.steps)}"))
    run = bare_run(sample, names) | {
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


def _sweep_log(sample: Sample, trials: list[Evidence]) -> bytes:
    """What a sweep's own log says, in the form of recorded ones: no line ends but written ones."""
    count, created = len(trials), parse(sample.started)
    lines = [(created + 4, "API", f"Experiment created with {count} jobs at most")]
    lines.append(
        (created + 21, "GENERATOR", f"Trying to sample '{count}' jobs from the hyperparameter space")
    )
    lines.append(
        (
            created + 22,
            "GENERATOR",
            f"Successfully sampled '{count}' jobs, they will soon be submitted to the execution target.",
        )
    )
    for number, trial in enumerate(trials):
        begins = parse(record.run_record(trial)["created_at"])
        name = f"{Names.of(sample).run_id}_{number}"
        lines.append((begins, "SCHEDULER", f"Successfully scheduled a job. Id='{name}'"))
    if all(trial.ended is not None for trial in trials):
        lines.append(
            (
                max(trial.ended for trial in trials) + 5,
                "CONTROLLER",
                "Experiment was 'ExperimentStatus.RUNNING', is 'ExperimentStatus.FINISHED'.",
            )
        )
    lines.sort()
    return "".join(f"<START>[{iso(at)[:-1]}][{who}][INFO]{text}<END>\\n" for at, who, text in lines).encode()
