"""The run itself, as the service recorded it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self

from diagnose.evidence import fields
from diagnose.evidence.bundle import Bundle, Missing

_NEVER = datetime.max.replace(tzinfo=UTC)


class Phase(StrEnum):
    """What the service's status word means for the question of this tool."""

    BEFORE_START = "before-start"
    """The user's process does not exist yet."""
    OPEN = "open"
    """The user's process may exist; the run has not ended."""
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"
    UNKNOWN = "unknown"


# The v2 SDK calls NotResponding and Paused final, the v1 SDK calls them running: NotResponding may return to any
# earlier state, so here they are open (KnownJobStatus; azureml-core RunStatus).
PHASES = {
    "notstarted": Phase.BEFORE_START,
    "unapproved": Phase.BEFORE_START,
    "queued": Phase.BEFORE_START,
    "preparing": Phase.BEFORE_START,
    "provisioning": Phase.BEFORE_START,
    "starting": Phase.BEFORE_START,
    "running": Phase.OPEN,
    "finalizing": Phase.OPEN,
    "notresponding": Phase.OPEN,
    "cancelrequested": Phase.OPEN,
    "pausing": Phase.OPEN,
    "paused": Phase.OPEN,
    "completed": Phase.COMPLETED,
    "finished": Phase.COMPLETED,
    "failed": Phase.FAILED,
    "canceled": Phase.CANCELED,
    "cancelled": Phase.CANCELED,
}


def phase_of(status: str | None) -> Phase:
    """The phase behind a status word of run history or of the jobs API; a word never seen is unknown."""
    return PHASES.get((status or "").replace(" ", "").replace("_", "").lower(), Phase.UNKNOWN)


def is_parent_type(kind: str | None) -> bool:
    """Whether a run of this kind only waits for its children (pipeline, sweep, AutoML)."""
    return (kind or "").lower() in ("pipeline", "sweep", "automl", "hyperdrive")


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One entry of the status history."""

    status: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class RunError:
    """The error that the service keeps with a run. A Completed run may carry one."""

    code: str | None
    message: str | None
    component: str | None


@dataclass(frozen=True, slots=True)
class ExpectedOutput:
    """An output that the job declares. `mode`: mount, upload or direct; `type`: uri_folder, uri_file and the like."""

    name: str
    type: str | None
    mode: str | None
    uri: str | None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What the service says of the run. From `run.json`; times are UTC."""

    run_id: str | None
    display_name: str | None
    experiment: str | None
    type: str | None
    status: str | None
    """The service's own word; `None` in an import that does not say."""
    status_history: tuple[StatusChange, ...]
    """By time; entries without one stand at the end."""
    created_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    last_changed_at: datetime | None
    """When the record was last written. Not a sign of life: it has been seen before the start of the run."""
    heartbeat_at: datetime | None
    parent_id: str | None
    attempt: int | None
    exit_code: int | None
    error: RunError | None
    warnings: tuple[str, ...]
    cancel_reason: str | None
    canceled_by: str | None
    timeout_s: float | None
    command: str | None
    environment: str | None
    compute_target: str | None
    compute_kind: str | None
    compute_size: str | None
    nodes: int | None
    priority: str | None
    distribution: str | None
    process_count: int | None
    expected_outputs: tuple[ExpectedOutput, ...]
    tags: Mapping[str, str]
    properties: Mapping[str, str]

    @property
    def phase(self) -> Phase:
        """What the status word means."""
        return phase_of(self.status)

    @property
    def is_final(self) -> bool:
        """Whether the service has closed the run."""
        return self.phase in (Phase.COMPLETED, Phase.FAILED, Phase.CANCELED)

    @property
    def is_parent_type(self) -> bool:
        """Whether the run is of a kind that only waits for its children (pipeline, sweep, AutoML)."""
        return is_parent_type(self.type)

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        row = bundle.document("run.json")
        if row is None:
            return Missing("run", bundle.part("run").reason or "run.json is not in the bundle")
        compute, distribution = fields.table(row, "compute"), fields.table(row, "distribution")
        cancel = fields.table(row, "cancel")
        return cls(
            run_id=fields.text(row, "id"),
            display_name=fields.text(row, "display_name"),
            experiment=fields.text(row, "experiment"),
            type=fields.text(row, "type"),
            status=fields.text(row, "status"),
            status_history=_history(row),
            created_at=fields.instant(row, "created_at"),
            started_at=fields.instant(row, "started_at"),
            ended_at=fields.instant(row, "ended_at"),
            last_changed_at=fields.instant(row, "last_changed_at"),
            heartbeat_at=fields.instant(row, "heartbeat_at"),
            parent_id=fields.text(row, "parent_id"),
            attempt=fields.whole(row, "attempt"),
            exit_code=fields.whole(row, "exit_code"),
            error=_error(row),
            warnings=tuple(
                message for item in fields.rows(row, "warnings") if (message := fields.text(item, "message"))
            ),
            cancel_reason=fields.text(cancel, "reason"),
            canceled_by=fields.text(cancel, "by"),
            timeout_s=fields.number(row, "timeout_s"),
            command=fields.text(row, "command"),
            environment=fields.text(row, "environment"),
            compute_target=fields.text(compute, "target"),
            compute_kind=fields.text(compute, "kind"),
            compute_size=fields.text(compute, "size"),
            nodes=fields.size(compute, "nodes"),
            priority=fields.text(compute, "priority"),
            distribution=fields.text(distribution, "kind"),
            process_count=fields.size(distribution, "processes"),
            expected_outputs=_expected(row),
            tags=fields.texts(row, "tags"),
            properties=fields.texts(row, "properties"),
        )


def _history(row: fields.Row) -> tuple[StatusChange, ...]:
    changes = (
        StatusChange(status, fields.instant(item, "at"))
        for item in fields.rows(row, "status_history")
        if (status := fields.text(item, "status"))
    )
    return tuple(sorted(changes, key=lambda change: change.at or _NEVER))


def _error(row: fields.Row) -> RunError | None:
    error = fields.table(row, "error")
    code, message = fields.text(error, "code"), fields.text(error, "message")
    if code is None and message is None:
        return None
    return RunError(code, message, fields.text(error, "component"))


def _expected(row: fields.Row) -> tuple[ExpectedOutput, ...]:
    declared = (
        ExpectedOutput(name, fields.text(item, "type"), fields.text(item, "mode"), fields.text(item, "uri"))
        for item in fields.rows(row, "expected_outputs")
        if (name := fields.text(item, "name"))
    )
    return tuple(declared)


def phase_of_run(bundle: Bundle) -> Phase:
    """What the service's status means; unknown when there is no record of the run."""
    run = bundle.get(RunRecord)
    return Phase.UNKNOWN if isinstance(run, Missing) else run.phase
