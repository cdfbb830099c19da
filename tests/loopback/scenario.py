"""A run as the service knows it, read from a bundle: the bundle's own run, one of its children, or an earlier one beside it."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from diagnose.evidence.bundle import Bundle

from . import times

TERMINAL = frozenset({"Completed", "Failed", "Canceled"})
STD_LOG = "user_logs/std_log.txt"
PROCESSES = "logs/diagnose/processes.jsonl"
ARTIFACTS = "artifacts"


@dataclass(frozen=True)
class Run:
    """One run. `row` is its `run.json`, its line of `children.jsonl`, or made of its line of `siblings.jsonl`.

    Of the last two (`is_child`) the bundle has no files.
    """

    row: Mapping
    bundle: Bundle
    captured_at: datetime
    is_child: bool = False
    root_id: str = ""
    parent_type: str | None = None

    @property
    def id(self):
        return self.row["id"]

    @property
    def type(self):
        return self.row.get("type") or "command"

    @property
    def status(self):
        return self.row.get("status") or "Unknown"

    @property
    def parent_id(self):
        return self.row.get("parent_id")

    @property
    def owner(self):
        return self.row.get("created_by") or "loopback"

    @property
    def is_over(self):
        return self.status in TERMINAL

    @property
    def is_step(self):
        """A step of a pipeline, of which ARM says next to nothing."""
        return self.parent_id is not None and self.parent_type in (None, "pipeline")

    @property
    def is_v1(self):
        """Run by the old runtime."""
        return self.type == "script"

    @property
    def is_reused(self):
        """A step that was not executed, because an earlier one had done the same."""
        return "azureml.reusedrunid" in self.properties

    @property
    def experiment(self):
        return self.row.get("experiment") or "Default"

    @property
    def data_container(self):
        """Where its artifacts are: a reused step has those of the run that it reuses."""
        return f"dcid.{self.properties.get('azureml.reusedrunid') or self.id}"

    @property
    def artifact_prefix(self):
        return f"ExperimentRun/{self.data_container}/"

    @property
    def properties(self):
        return dict(self.row.get("properties") or {})

    @property
    def compute(self):
        return self.row.get("compute") or {}

    def at(self, field):
        """One of its times."""
        return times.parsed(self.row.get(field))

    @property
    def created_at(self):
        return self.at("created_at") or self.at("started_at") or self.captured_at

    @cached_property
    def metrics(self):
        """Points by the name of their metric."""
        named = {}
        for row in self._metric_rows():
            named.setdefault(row["name"], []).append(row)
        return named

    def _metric_rows(self):
        if not self.is_child:
            return self.bundle.rows("metrics")
        at = self.row.get("last_metric_at")
        return [{"name": "loss", "value": 0.5, "step": None, "at": at}] if at else []

    @cached_property
    def outputs(self):
        return self.row.get("left", []) if self.is_child else list(self.bundle.rows("outputs"))

    @cached_property
    def logs(self):
        """Log files: path to content and time, as far as the bundle has them."""
        if self.is_child:
            at = self.at("last_log_at")
            return {STD_LOG: (f"step {self.row.get('display_name')}\n".encode(), at)} if at else {}
        rows = {row["path"]: times.parsed(row.get("modified_at")) for row in self.bundle.rows("logs")}
        return {path: (self._member(f"logs/{path}"), at) for path, at in rows.items()}

    @cached_property
    def processes(self):
        """What a recorder inside the job would have written down, None when there was none."""
        if self.is_child or not self.bundle.has("processes.jsonl"):
            return None
        return self._member("processes.jsonl")

    @cached_property
    def code(self):
        """The source snapshot by path."""
        if self.is_child:
            return {}
        names = [name for name in self.bundle.store.names() if name.startswith("code/")]
        return {name.removeprefix("code/"): self._member(name) for name in names}

    def _member(self, name):
        try:
            with self.bundle.store.open(name) as stream:
                return stream.read()
        except KeyError:
            return b""


def runs_of(bundle):
    """The bundle's own run first, then all below it, then the earlier runs of its experiment."""
    row = bundle.document("run.json")
    if row is None:
        raise ValueError(f"{bundle.store.where} has no readable run.json")
    captured_at = bundle.manifest.captured_at or times.now()
    root_id = row.get("root_id") or row["id"]
    own = Run(row, bundle, captured_at, root_id=root_id)
    types = {own.id: own.type}
    children = [{"parent_id": own.id, **_known(child)} for child in bundle.rows("children")]
    types |= {child["id"]: child.get("type") for child in children}
    below = [
        Run(
            child,
            bundle,
            captured_at,
            is_child=True,
            root_id=root_id,
            parent_type=types.get(child["parent_id"]),
        )
        for child in children
    ]
    beside = [
        Run(_beside(own, sibling), bundle, captured_at, is_child=True, root_id=sibling["id"])
        for sibling in bundle.rows("siblings")
    ]
    return [own, *below, *beside]


def _beside(own, sibling):
    """An earlier run as a row: it left what its line says and a log, or nothing at all where that line has no listing."""
    left, ended = sibling.get("outputs"), sibling["ended_at"]
    top = "dataset" if own.is_v1 else "azureml"
    folder = f"azureml://datastores/workspaceblobstore/paths/{top}/{sibling['id']}"
    names = sorted({blob["output"] for blob in left or []} - {ARTIFACTS})
    return {
        **{name: sibling.get(name) for name in ("id", "status", "started_at", "ended_at")},
        "type": own.type,
        "experiment": own.experiment,
        "created_at": sibling["started_at"],
        "expected_outputs": [{"name": name, "uri": f"{folder}/{name}/"} for name in names],
        "left": [{**blob, "created_at": ended, "modified_at": ended} for blob in left or []],
        "last_log_at": None if left is None else ended,
    }


def _known(row):
    return {name: value for name, value in row.items() if value is not None}


def ends_of(row):
    """The first and the last bytes of an output, as far as somebody looked."""
    return tuple(base64.b64decode(row.get(end) or "") for end in ("head", "tail"))
