"""What is looked for, in no service's words, and whether a row of run history is it: no service's filter is trusted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from diagnose.collect.azureml.workspace import Json
from diagnose.evidence import fields
from diagnose.evidence.run import Phase, phase_of

FINAL = {Phase.COMPLETED: "Completed", Phase.FAILED: "Failed", Phase.CANCELED: "Canceled"}
"""The phases from which no run returns, and run history's word for each."""
OPEN_WORDS = (
    *("NotStarted", "Unapproved", "Queued", "Preparing", "Provisioning", "Starting"),
    *("Running", "Finalizing", "NotResponding", "CancelRequested", "Pausing", "Paused"),
)
"""Run history's words for runs that have not ended; it may learn others."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Which runs are looked for.

    `open`: every status that is not final, of any age. `closed`: these final phases, where the run ended at `since` or later.
    `statuses`: the service's own words in place of both. `user`: a name, sign-in name or object id.
    """

    open: bool
    closed: frozenset[Phase]
    statuses: frozenset[str] | None
    since: datetime
    experiment: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    compute: str | None = None
    user: str | None = None

    @property
    def open_words(self) -> tuple[str, ...]:
        """The words of open statuses to ask for."""
        if self.statuses is None:
            return OPEN_WORDS if self.open else ()
        return tuple(_spelled(word) for word in sorted(self.statuses) if phase_of(word) not in FINAL)

    @property
    def final_words(self) -> tuple[str, ...]:
        """The words of final statuses to ask for."""
        if self.statuses is None:
            return tuple(word for phase, word in FINAL.items() if phase in self.closed)
        named = {phase_of(word) for word in self.statuses}
        return tuple(word for phase, word in FINAL.items() if phase in named)

    @property
    def any_open(self) -> bool:
        """Whether a run whose status nobody has heard of is looked for, too."""
        return self.open and self.statuses is None


def passes(row: Json, sought: Sought, experiment_id: str | None = None) -> bool:
    """Whether this row is looked for; `experiment_id`: of the experiment that was named."""
    return (
        may_pass(fields.text(row, "status"), sought)
        and _in_time(row, sought)
        and (experiment_id is None or _is(fields.text(row, "experimentId"), experiment_id))
        and (sought.compute is None or _is(compute_of(row), sought.compute))
        and (sought.user is None or any(_is(name, sought.user) for name in _names_of(row)))
        and all(fields.texts(row, "tags").get(key) == value for key, value in sought.tags.items())
    )


def may_pass(status: str | None, sought: Sought) -> bool:
    """Whether a run of this status may be looked for."""
    phase = phase_of(status)
    if sought.statuses is not None:
        return any(_plain(word) == _plain(status) for word in sought.statuses) or (
            phase in FINAL and FINAL[phase] in sought.final_words
        )
    return phase in sought.closed if phase in FINAL else sought.open


def compute_of(row: Json) -> str | None:
    """Where the run runs."""
    return fields.text(fields.table(row, "compute"), "target") or fields.text(row, "target")


def _in_time(row: Json, sought: Sought) -> bool:
    """A closed run has to have ended lately; of one without an end the latest of its times tells."""
    if phase_of(fields.text(row, "status")) not in FINAL:
        return True
    ended = fields.instant(row, "endTimeUtc")
    if ended is not None:
        return ended >= sought.since
    known = [fields.instant(row, name) for name in ("lastModifiedUtc", "startTimeUtc", "createdUtc")]
    told = [at for at in known if at is not None]
    return not told or max(told) >= sought.since


def _names_of(row: Json) -> list[str | None]:
    by = fields.table(row, "createdBy")
    return [fields.text(by, name) for name in ("userName", "upn", "userObjectId")]


def _is(told: str | None, asked: str) -> bool:
    return told is not None and told.casefold() == asked.casefold()


def _plain(word: str | None) -> str:
    return (word or "").replace(" ", "").replace("_", "").lower()


def _spelled(word: str) -> str:
    """Run history's spelling of a word that a user typed."""
    return next((known for known in OPEN_WORDS if _plain(known) == _plain(word)), word)
