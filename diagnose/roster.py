"""One line of a scan's `results.jsonl`, cut down to a row: what a page, a table and a comparison of scans are made of.

A line is a verdict record (`spec/verdict.md`) with one field more, `scan`, which readers of version 1 ignore:
`workspace_id` (ARM id), `workspace`, `owner`, `size` (of a node), `nodes`, `priority`, `report` (the path of its HTML below
the scan's folder), `seen_at` (when it was looked at), `name` (by which the scan knows the run: its id, of a bundle on disk its file), `mark` (by which a later scan sees that the run has changed).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from diagnose.evidence import fields

Line = Mapping[str, Any]

HARMLESS = frozenset({"none", "still-working"})
"""Causes of runs with which nothing is wrong."""
_QUOTES = 3
_SHAPE_LENGTH = 400
_VARYING = re.compile(
    r"0x[0-9a-f]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{7,}\b|(?:[A-Za-z]:)?(?:[/\\][\w.@%+-]+)+|\d+",
    re.IGNORECASE,
)
"""What differs between two runs that fail alike: addresses, ids, digests, paths, numbers."""


@dataclass(frozen=True, slots=True)
class Row:
    """One diagnosed run of a scan. Times are UTC; what nobody knows is None.

    `idle_s`: seconds from the end of the work to the end of the run, or to the look at it; `node_hours`: that many hours on so
    many nodes. `shape`: equal for runs that fail alike, a mechanism with its quotes without what varies.
    """

    workspace: str
    workspace_id: str
    run_id: str
    display_name: str | None
    experiment: str | None
    owner: str | None
    status: str | None
    type: str | None
    compute: str | None
    size: str | None
    nodes: int | None
    priority: str | None
    outcome: str
    cause: str
    mechanism: str | None
    certainty: str
    headline: str
    created_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    seen_at: datetime | None
    duration_s: float | None
    idle_s: float | None
    portal_url: str | None
    report: str | None
    shape: str

    @property
    def key(self) -> tuple[str, str]:
        """Which run it is: the ARM id of its workspace, and its id there."""
        return self.workspace_id, self.run_id

    @property
    def is_trouble(self) -> bool:
        """Whether somebody has to look at it."""
        return self.cause not in HARMLESS

    @property
    def node_hours(self) -> float | None:
        """Hours for which nodes were held after the work had ended; of an unknown number of nodes, one."""
        return None if self.idle_s is None else self.idle_s / 3600 * (self.nodes or 1)

    @property
    def idle_since(self) -> datetime | None:
        """When the work ended, as far as it is known."""
        end = self.ended_at or self.seen_at
        try:
            return None if end is None or self.idle_s is None else end - timedelta(seconds=self.idle_s)
        except OverflowError:  # a number from somebody's file
            return None


def row_of(line: Line) -> Row:
    """The row of one line, whatever of it is absent or odd."""
    run, scan = fields.table(line, "run"), fields.table(line, "scan")
    return Row(
        workspace=fields.text(scan, "workspace")
        or fields.text(fields.table(line, "bundle"), "workspace")
        or "",
        workspace_id=fields.text(scan, "workspace_id") or "",
        run_id=fields.text(scan, "name") or fields.text(run, "id") or "",
        display_name=fields.text(run, "display_name"),
        experiment=fields.text(run, "experiment"),
        owner=fields.text(scan, "owner"),
        status=fields.text(run, "status"),
        type=fields.text(run, "type"),
        compute=fields.text(run, "compute"),
        size=fields.text(scan, "size"),
        nodes=fields.whole(scan, "nodes"),
        priority=fields.text(scan, "priority"),
        outcome=fields.text(line, "outcome") or "unknown",
        cause=fields.text(line, "cause") or "inconclusive",
        mechanism=fields.text(line, "mechanism"),
        certainty=fields.text(line, "certainty") or "none",
        headline=fields.text(line, "headline") or "",
        created_at=fields.instant(run, "created_at"),
        started_at=fields.instant(run, "started_at"),
        ended_at=fields.instant(run, "ended_at"),
        seen_at=fields.instant(scan, "seen_at")
        or fields.instant(fields.table(line, "bundle"), "captured_at"),
        duration_s=fields.number(run, "duration_s"),
        idle_s=fields.number(line, "idle_tail_s"),
        portal_url=fields.text(run, "portal_url"),
        report=fields.text(scan, "report"),
        shape=shape_of(line),
    )


def shape_of(line: Line) -> str:
    """The mechanism, and the quotes that speak for it without what varies from run to run."""
    quotes = []
    for piece in fields.rows(line, "evidence"):
        if fields.text(piece, "stance") != "for":
            continue
        text = fields.text(fields.table(piece, "source"), "text")
        shape = (
            " ".join(_VARYING.sub("#", text[:_SHAPE_LENGTH]).split())
            if text
            else fields.text(piece, "rule") or ""
        )
        if shape and shape not in quotes:
            quotes.append(shape)
    word = fields.text(line, "mechanism") or fields.text(line, "cause") or "inconclusive"
    return " | ".join([word, *sorted(quotes[:_QUOTES])])[:_SHAPE_LENGTH]
