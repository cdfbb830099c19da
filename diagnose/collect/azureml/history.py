"""What run history says: the run and its details, its statuses over time, its child runs at all depths."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.workspace import Json, Service, rows_of
from diagnose.evidence import fields
from diagnose.evidence.bundle import PartState
from diagnose.evidence.instants import format_instant
from diagnose.evidence.run import is_parent_type

HISTORY = "history/v1.0"
CHILDREN_MAX = 5_000
"""Child runs that are kept; a sweep may have 10,000 trials, and no verdict needs the last half of them."""
DEPTH_MAX = 6
PARENTS_MAX = 50
"""Children that are asked for children of their own."""

_TYPES = {
    "azureml.scriptrun": "command",
    "azureml.commandrun": "command",
    "azureml.pipelinerun": "pipeline",
    "azureml.pipeline": "pipeline",
    "azureml.steprun": "command",
    "hyperdrive": "sweep",
    "azureml.hyperdrive": "sweep",
    "sweep": "sweep",
    "automl": "automl",
    "azureml.automl": "automl",
    "azureml.sparkrun": "spark",
    "azureml.interactive": "interactive",
}


def run_path(run_id: str) -> str:
    """The run's path in run history, safe in a URL."""
    return f"/runs/{quote(run_id, safe='')}"


def run_record(service: Service, run_id: str) -> Json:
    """The run as run history keeps it."""
    return service.data("the run", HISTORY, run_path(run_id))


def run_details(service: Service, run_id: str) -> Json:
    """The run's details: its definition and, of each log file, a URL that may read it."""
    return service.data("the details of the run", HISTORY, f"{run_path(run_id)}/details")


def status_history(service: Service, run_id: str) -> list[Json]:
    """The spans of the run, one for each status that it had.

    Best effort: the path says `private`, and nobody documents the names in it.
    """
    what = "the status history"
    url = f"https://{service.host}/{HISTORY}/private{service.workspace.path}{run_path(run_id)}/spans"
    return [row for page in service.pages(what, url) for row in rows_of(page)]


def statuses_in(spans: Sequence[Json]) -> list[dict[str, object]]:
    """The status history of `run.json`: each word when it began, in order of time."""
    told = []
    for span in spans:
        word, at = fields.text(span, "name"), fields.instant(span, "startTimestamp")
        if word and at and re.fullmatch("[A-Za-z]{3,40}", word):
            told.append((at, word))
    return [{"status": word, "at": format_instant(at)} for at, word in sorted(told)]


def heartbeat_in(spans: Sequence[Json]) -> str | None:
    """The last heartbeat among the events of the spans."""
    beats = [
        at
        for span in spans
        for event in rows_of(span, "events")
        if "heartbeat" in (fields.text(event, "name") or "").lower()
        and (at := fields.instant(event, "timestamp"))
    ]
    return format_instant(max(beats, default=None))


@dataclass
class Family:
    """The child runs at all depths, each once, and why there may be more. `rows`: as run history tells them."""

    rows: dict[str, Json] = field(default_factory=dict)
    gap: Gap | None = None


def children(service: Service, run_id: str) -> Family:
    """All child runs below a run; never raises GapError: what came before the trouble is kept."""
    family, waiting, asked = Family(), [(run_id, 1)], {run_id}
    while waiting:
        parent, depth = waiting.pop(0)
        try:
            for row in _children_of(service, parent):
                _adopt(family, row)
                child = fields.text(row, "runId")
                if child is None or child in asked or not may_have_children(row):
                    continue
                if depth < DEPTH_MAX and len(asked) < PARENTS_MAX:
                    asked.add(child)
                    waiting.append((child, depth + 1))
                elif family.gap is None:
                    reason = f"not all of its descendants were asked for: at most {PARENTS_MAX} parents, {DEPTH_MAX} deep"
                    family.gap = Gap("the child runs", PartState.PARTIAL, reason)
        except GapError as error:
            family.gap = family.gap or error.gap
    return family


def _children_of(service: Service, run_id: str) -> Iterator[Json]:
    what = "the child runs"
    url = f"https://{service.host}/{HISTORY}{service.workspace.path}{run_path(run_id)}/children"
    if service.host is None:
        raise GapError(Gap(what, PartState.FAILED, "the workspace did not tell where run history is"))
    for page in service.pages(what, url, "$continuationtoken"):
        yield from rows_of(page)


def _adopt(family: Family, row: Json) -> None:
    child = fields.text(row, "runId")
    if child is None or child in family.rows:
        return
    if len(family.rows) >= CHILDREN_MAX:
        raise GapError(
            Gap(
                "the child runs",
                PartState.PARTIAL,
                f"there are more than {CHILDREN_MAX:,}; the rest was not asked for",
            )
        )
    family.rows[child] = row


def type_of(row: Json) -> str | None:
    """The kind of run in the words of a bundle, from run history's `runType`."""
    kind = (fields.text(row, "runType") or "").lower()
    if kind in ("azureml.scriptrun", "azureml.commandrun") and not is_v2(row):
        return "script"
    return _TYPES.get(kind) or kind.rpartition(".")[2] or None


_LEAVES = frozenset(
    {"pythonscriptstep", "commandstep", "rscriptstep", "datatransferstep", "sparkcomponentstep"}
)
"""Kinds of pipeline steps that run a script themselves."""


def may_have_children(row: Json) -> bool:
    """Whether the run may have child runs of its own; of a step whose kind nobody knows, it may."""
    step = (fields.text(fields.table(row, "properties"), "StepType") or "").lower()
    return is_parent_type(type_of(row)) or (is_step(row) and step not in _LEAVES)


def is_v2(row: Json) -> bool:
    """Whether the run ran on the runtime of 2022 and later, which lays its logs out in another way."""
    traits = fields.table(row, "runTypeV2").get("traits")
    return isinstance(traits, list) and "CommonRuntime" in traits


def is_step(row: Json) -> bool:
    """Whether the run is a pipeline step, of which ARM knows no more than the name."""
    return (fields.text(row, "runType") or "").lower() == "azureml.steprun"


def runtime_of(row: Json) -> str | None:
    """`v1` or `v2`, for the runtime and the generation of the SDK; None where nothing tells."""
    if not row:
        return None
    if is_v2(row) or "azureml.DevPlatv2" in fields.texts(row, "properties"):
        return "v2"
    return "v1" if type_of(row) == "script" else None


def is_reused(row: Json) -> bool:
    """Whether the step did not run, since an earlier run's outputs were taken for its own."""
    return fields.texts(row, "properties").get("azureml.isreused", "").lower() == "true"


def experiment_name(service: Service, experiment_id: str) -> str | None:
    """The name behind an experiment's id; raises GapError."""
    answer = service.data("the experiment", HISTORY, f"/experimentids/{quote(experiment_id, safe='')}")
    return fields.text(answer, "name")


def container_of(row: Json, run_id: str) -> str:
    """The data container of a run: of a reused step it is another run's, and holds the logs and outputs."""
    return fields.text(row, "dataContainerId") or f"dcid.{run_id}"


def child_row(row: Json) -> dict[str, object]:
    """One line of `children.jsonl`, without the signs of life that only the child's own evidence has."""
    error = error_of(row)
    return {
        "id": fields.text(row, "runId"),
        "display_name": fields.text(row, "displayName") or fields.text(row, "name"),
        "type": type_of(row),
        "status": fields.text(row, "status"),
        "created_at": at(row, "createdUtc"),
        "started_at": at(row, "startTimeUtc"),
        "ended_at": at(row, "endTimeUtc"),
        "last_changed_at": at(row, "lastModifiedUtc"),
        "heartbeat_at": None,
        "exit_code": None,
        "error": error,
        "parent_id": fields.text(row, "parentRunId"),
    }


def error_of(row: Json) -> dict[str, object] | None:
    """The error that run history keeps with a run, in the words of a bundle."""
    outer = fields.table(row, "error")
    inner = fields.table(outer, "error")
    if not inner:
        return None
    return {
        "code": fields.text(inner, "code"),
        "message": fields.text(inner, "message"),
        "component": fields.text(outer, "componentName"),
    }


def at(row: Json, key: str) -> str | None:
    """A time of the service, as bundles write it."""
    return format_instant(fields.instant(row, key))
