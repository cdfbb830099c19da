"""A moment as a reader wants it: the UTC time, and how far it lies from where the story stops."""

from dataclasses import dataclass
from datetime import datetime

from diagnose.report import fields, units
from diagnose.report.fields import Node


@dataclass(frozen=True, slots=True)
class When:
    """A time in words, for machines, and seen from the end of the run or the capture."""

    text: str
    iso: str
    relative: str | None


@dataclass(frozen=True, slots=True)
class Reference:
    """The moment from which all others are seen: the end of a run that has ended, else the capture."""

    at: datetime | None
    event: str

    def tell(self, at: datetime | None) -> When | None:
        """`at` in words; None when there is no such time."""
        if at is None:
            return None
        relative = None if self.at is None or at == self.at else units.distance(at, self.at, self.event)
        return When(units.stamp(at), units.iso(at), relative)


def reference(record: Node) -> Reference:
    """The moment from which the times of `record` are told."""
    ended = fields.when(fields.node(record, "run"), "ended_at")
    if ended:
        return Reference(ended, "the end of the run")
    captured = fields.when(fields.node(record, "bundle"), "captured_at")
    return Reference(captured or fields.when(fields.node(record, "timeline"), "captured_at"), "the capture")
