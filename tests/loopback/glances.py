"""A run as a filter sees it: a field is only made when somebody compares it."""

from . import times
from .run_records import kind_of

_FIELDS = {
    "runId": lambda run: run.id,
    "rootRunId": lambda run: run.root_id or run.id,
    "parentRunId": lambda run: run.parent_id,
    "status": lambda run: run.status,
    "runType": kind_of,
    "target": lambda run: run.compute.get("target"),
    "createdUtc": lambda run: times.history(run.created_at),
    "startTimeUtc": lambda run: times.history(run.at("started_at")),
    "endTimeUtc": lambda run: times.history(run.at("ended_at")),
    "properties": lambda run: run.properties,
    "tags": lambda run: run.row.get("tags") or {},
}


class Glance:
    """Reads like the run's record, as far as queries go."""

    __slots__ = ("run",)

    def __init__(self, run):
        self.run = run

    def __getitem__(self, name):
        return _FIELDS[name](self.run)
