"""Whether a run is worth its evidence: decided by its row in a list, and where that is silent by one cheap question.

Safety constraint: passing over a run says nothing of it. It is counted with the reason, never reported as healthy.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from diagnose.collect.azureml.history import is_reused, type_of
from diagnose.collect.azureml.workspace import Json
from diagnose.evidence import fields
from diagnose.evidence.run import Phase, is_parent_type, phase_of
from diagnose.scanning.asked import CLOSED

LONG = timedelta(hours=3)
"""An open run older than this is looked at though it talks: nobody can tell from outside whether it goes round in a circle."""

YOUNG, WAITING, ALIVE = "younger than --silent-for", "not started, and not for long", "a sign of life"
REUSED, NO_OUTPUTS = "reused an earlier run", "left no outputs"


class Look(StrEnum):
    """What is to be done with a run."""

    DIAGNOSE = "diagnose"
    ACTIVITY = "ask for its last sign of life"
    OUTPUTS = "ask whether it left outputs"
    LEAVE = "leave it"


@dataclass(frozen=True, slots=True)
class Sorted:
    """What is to be done with a run; `why` it is passed over."""

    look: Look
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sieve:
    """How runs are told apart. `is_named`: the user named the statuses, so closed runs need not have left anything."""

    now: datetime
    silent_for: timedelta
    is_named: bool = False

    def sort(self, run: Json, *, has_open_child: bool = False) -> Sorted:
        """By the row alone. `has_open_child`: an open run in the same list names it as its parent."""
        phase = phase_of(fields.text(run, "status"))
        if phase in CLOSED:
            return self._closed(run, has_open_child=has_open_child)
        if phase is Phase.BEFORE_START:
            waited = self._age(fields.instant(run, "createdUtc"))
            return Sorted(Look.DIAGNOSE) if waited >= self.silent_for else Sorted(Look.LEAVE, WAITING)
        age = self._age(fields.instant(run, "startTimeUtc") or fields.instant(run, "createdUtc"))
        if age < self.silent_for:
            return Sorted(Look.LEAVE, YOUNG)
        # A parent has no logs of its own, and of an unknown status nobody knows what it means.
        if is_parent_type(type_of(run)) or phase is Phase.UNKNOWN or age >= LONG:
            return Sorted(Look.DIAGNOSE)
        return Sorted(Look.ACTIVITY)

    def by_activity(self, logged: datetime | None, measured: datetime | None) -> Sorted:
        """By the last sign of life in the logs and in the metrics; a log that goes on while metrics stopped is no progress."""
        quiet = [self._age(at) >= self.silent_for for at in (logged, measured) if at]
        return Sorted(Look.LEAVE, ALIVE) if quiet and not any(quiet) else Sorted(Look.DIAGNOSE)

    def _closed(self, run: Json, *, has_open_child: bool) -> Sorted:
        if is_reused(run):
            return Sorted(Look.LEAVE, REUSED)
        named = set(map(str, fields.table(run, "outputs"))) - {"default"}
        if self.is_named or has_open_child or named or fields.rows(run, "outputDatasets"):
            return Sorted(Look.DIAGNOSE)
        if fields.instant(run, "startTimeUtc") is None:
            return Sorted(Look.LEAVE, NO_OUTPUTS)
        return Sorted(Look.OUTPUTS)

    def _age(self, at: datetime | None) -> timedelta:
        """How long ago; of a time that nobody told, for ever."""
        return timedelta.max if at is None else self.now - at
