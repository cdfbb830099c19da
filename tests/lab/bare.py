"""What every run's bundle holds, for a run of which little more is known."""

from . import bundle
from .clock import iso
from .sample import Sample
from .seen import Names


def manifest(sample: Sample, names: Names, captured: float, counts: dict[str, int]) -> dict:
    """bundle.json of a capture that got all there was."""
    return {
        "format": "run-evidence-bundle",
        "version": 1,
        "captured_at": iso(captured),
        "captured_by": "lab 1",
        "origin": bundle.origin(sample, names),
        "clock_skew_s": 0.1,
        "parts": {part: {"state": "complete", "items": items} for part, items in counts.items()},
    }


def bare_run(sample: Sample, names: Names) -> dict:
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
