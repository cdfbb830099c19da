"""Earlier completed runs of the same experiment, where some are at hand: what such a run takes, and what it leaves."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Self

from diagnose.evidence import fields
from diagnose.evidence.bundle import Bundle, Missing

MOST = 20
"""More earlier runs than this tell nothing new."""
VARIES = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|(?=[0-9a-fA-F]*[0-9])[0-9a-fA-F]{8,}|[0-9]+")
"""What differs from run to run in the name of the same thing: ids, dates, times and counts."""


@dataclass(frozen=True, slots=True)
class Sibling:
    """One earlier run that the service closed as Completed."""

    run_id: str
    started_at: datetime | None
    ended_at: datetime | None
    sizes: Mapping[str, int] | None
    """Bytes of all outputs of one template together; `None` where its listing was not complete."""

    @property
    def duration_s(self) -> float | None:
        """From its start to its end."""
        if self.started_at is None or self.ended_at is None:
            return None
        return max(0.0, (self.ended_at - self.started_at).total_seconds())


@dataclass(frozen=True)
class Siblings:
    """The earlier runs at hand. From `siblings.jsonl`, an addition to the bundle of version 1; best first is newest first."""

    all: tuple[Sibling, ...]

    @property
    def longest_s(self) -> float | None:
        """The longest time that one of them took."""
        return max((s.duration_s for s in self.all if s.duration_s is not None), default=None)

    @cached_property
    def always(self) -> Mapping[str, tuple[int, ...]]:
        """The templates that each of two or more left, with the bytes under it in each."""
        listed = [s.sizes for s in self.all if s.sizes is not None]
        if len(listed) < 2:
            return {}
        common = sorted(set.intersection(*(set(sizes) for sizes in listed)))
        return {name: tuple(sizes[name] for sizes in listed) for name in common}

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        found = [sibling for row in bundle.rows("siblings") if (sibling := _sibling(row))][:MOST]
        if not found:
            return Missing("earlier runs", "no earlier completed run of the experiment is at hand")
        return cls(tuple(found))


def template_of(output: str, path: str) -> str:
    """The name of an output with what varies from run to run left out: `model/part-#.parquet`."""
    return VARIES.sub("#", f"{output}/{path}")


def _sibling(row: fields.Row) -> Sibling | None:
    run_id = fields.text(row, "id")
    if run_id is None:
        return None
    listed = row.get("outputs")
    sizes: dict[str, int] | None = None if not isinstance(listed, list) else {}
    for blob in listed if isinstance(listed, list) else []:
        if isinstance(blob, dict) and (path := fields.text(blob, "path")) and sizes is not None:
            name = template_of(fields.text(blob, "output") or "artifacts", path)
            sizes[name] = sizes.get(name, 0) + (fields.size(blob, "size") or 0)
    return Sibling(
        run_id,
        fields.instant(row, "started_at"),
        fields.instant(row, "ended_at"),
        sizes,
    )
