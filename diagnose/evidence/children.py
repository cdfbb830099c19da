"""The child runs: pipeline steps, sweep trials, AutoML iterations."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self, TypeAlias

from diagnose.evidence import fields
from diagnose.evidence.bundle import Bundle, Missing, Part, PartState
from diagnose.evidence.run import Phase, phase_of

LIMIT = 100_000
"""Children that are kept; a sweep has at most 1,000 trials at once, a parallel job may have more."""

REUSED_S = 1.0
"""Reused steps were seen to take less than a tenth of it; no process starts in so short a time."""

_Age: TypeAlias = tuple[datetime, bool]
_ENDS = (Phase.COMPLETED, Phase.FAILED, Phase.CANCELED)
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Child:
    """One child run. Times are UTC."""

    run_id: str
    display_name: str | None
    type: str | None
    status: str | None
    created_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    heartbeat_at: datetime | None
    last_log_at: datetime | None
    last_metric_at: datetime | None
    exit_code: int | None
    signs_unread: bool = False
    """Whether nobody could look for its signs of life: then there is no saying how long it has been silent."""

    @property
    def phase(self) -> Phase:
        """What the status word means."""
        return phase_of(self.status)

    @property
    def lived_s(self) -> float | None:
        """Seconds from its start to its end, where both are known."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()

    @property
    def is_reused(self) -> bool:
        """Whether it is a step whose earlier result was taken: those are Completed in less than a second."""
        return self.phase is Phase.COMPLETED and self.lived_s is not None and self.lived_s < REUSED_S

    @property
    def last_own_sign(self) -> datetime | None:
        """The latest of what the child's own code did; its heartbeat is the runtime's, and counts where nothing else does."""
        signs = [sign for sign in (self.last_log_at, self.last_metric_at) if sign is not None]
        return max(signs, default=self.heartbeat_at)

    @property
    def last_sign_of_life(self) -> datetime | None:
        """The latest of what the child itself did; the change of its record is none."""
        signs = (self.last_log_at, self.last_metric_at, self.heartbeat_at)
        return max((sign for sign in signs if sign is not None), default=None)


@dataclass(frozen=True, slots=True)
class Children:
    """The children by id, each once: of several records of one child the newest. From `children.jsonl`."""

    all: tuple[Child, ...]
    part: Part

    @property
    def open(self) -> tuple[Child, ...]:
        """Those that the service has not closed."""
        return tuple(c for c in self.all if c.phase in (Phase.OPEN, Phase.BEFORE_START))

    @property
    def told(self) -> str:
        """How many there are and how they ended, in words: `Of 7 child runs 5 have ended (2 reused, 1 canceled)`."""
        ended = [c for c in self.all if c.phase in _ENDS]
        kinds = {
            "reused": sum(c.is_reused for c in ended),
            "failed": sum(c.phase is Phase.FAILED for c in ended),
            "canceled": sum(c.phase is Phase.CANCELED for c in ended),
        }
        told = ", ".join(f"{count} {kind}" for kind, count in kinds.items() if count)
        has = "has" if len(ended) == 1 else "have"
        return f"Of {len(self.all)} child runs {len(ended)} {has} ended{f' ({told})' if told else ''}"

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        found: dict[str, tuple[_Age, Child]] = {}
        for row in bundle.rows("children"):
            child = _child(row)
            if child is None or (child.run_id not in found and len(found) >= LIMIT):
                continue
            record = (_age(row, child), child)
            if child.run_id in found:  # compared in full, so that their order in the file decides nothing
                record = max(found[child.run_id], record, key=lambda each: (each[0], repr(each[1])))
            found[child.run_id] = record
        part = bundle.part("children")
        if not found and part.state is not PartState.COMPLETE:
            return Missing("children", part.reason or f"the child runs are {part.state}")
        return cls(tuple(found[key][1] for key in sorted(found)), part)


def _age(row: fields.Row, child: Child) -> _Age:
    """What orders the records of one child: the newer, then the more final."""
    signs = (
        fields.instant(row, "last_changed_at"),
        child.ended_at,
        child.last_sign_of_life,
        child.started_at,
    )
    newest = max((sign for sign in signs if sign is not None), default=_EVER)
    return newest, child.phase in _ENDS


def _child(row: fields.Row) -> Child | None:
    run_id = fields.text(row, "id")
    if run_id is None:
        return None
    return Child(
        run_id=run_id,
        display_name=fields.text(row, "display_name"),
        type=fields.text(row, "type"),
        status=fields.text(row, "status"),
        created_at=fields.instant(row, "created_at"),
        started_at=fields.instant(row, "started_at"),
        ended_at=fields.instant(row, "ended_at"),
        heartbeat_at=fields.instant(row, "heartbeat_at"),
        last_log_at=fields.instant(row, "last_log_at"),
        last_metric_at=fields.instant(row, "last_metric_at"),
        exit_code=fields.whole(row, "exit_code"),
        signs_unread=fields.flag(row, "signs_unread") is True,
    )
