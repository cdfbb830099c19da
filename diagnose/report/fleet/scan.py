"""What a scan left, put in order once for all its views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diagnose.report import fields, units, visible
from diagnose.report.fields import Node
from diagnose.report.fleet import groups, idle
from diagnose.report.fleet.history import History
from diagnose.report.fleet.idle import Price
from diagnose.report.fleet.runs import minute, name_of
from diagnose.report.fleet.scans import key_of
from diagnose.report.fleet.tally import Tally, tally
from diagnose.roster import Row


@dataclass(frozen=True, slots=True)
class Scan:
    """The runs of a scan, each once: those in trouble by weight, the healthy by name, the unread as they came."""

    troubled: Sequence[Row]
    healthy: Sequence[Row]
    unread: Sequence[Node]
    facts: Node
    history: History | None
    prices: Mapping[str, Price]

    @property
    def rows(self) -> list[Row]:
        """All runs that were diagnosed."""
        return [*self.troubled, *self.healthy]

    @property
    def tally(self) -> Tally:
        """Its figures."""
        return tally(self.rows, self.unread, self.facts, self.history)


def scan_of(rows: Sequence[Row], unread: Sequence[Node], facts: Node, history: History | None) -> Scan:
    """The scan; of several rows of one run the last counts, and an unread one that was read after all is none."""
    last = {row.key: row for row in rows}
    unseen = {key_of(each): each for each in unread}
    return Scan(
        troubled=groups.by_weight(row for row in last.values() if row.is_trouble),
        healthy=sorted(
            (row for row in last.values() if not row.is_trouble), key=lambda row: (name_of(row), row.key)
        ),
        unread=[each for key, each in unseen.items() if key not in last],
        facts=facts,
        history=history,
        prices=idle.prices(facts),
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pages of a scan share. `several`: whether the workspace of a run has to be said."""

    where: str
    when: str | None
    by: str
    several: bool
    priced: bool
    compared: bool


def frame(scan: Scan) -> Frame:
    """What all pages share."""
    spaces, rows = fields.nodes(scan.facts, "workspaces"), scan.rows
    names = {name for each in spaces if (name := fields.text(each, "name", 60))}
    named = sorted(names or {visible.line(row.workspace, 60) for row in rows if row.workspace.strip()})
    count = max(len(named), len(spaces), len({row.workspace_id for row in rows}))
    return Frame(
        where=named[0]
        if len(named) == 1 and count == 1
        else units.plural(count, "workspace")
        if count
        else "nothing",
        when=_when(scan.facts),
        by=fields.text(scan.facts, "by", 80) or "diagnose",
        several=count > 1,
        priced=bool(scan.prices),
        compared=bool(scan.history and scan.history.last),
    )


def _when(facts: Node) -> str | None:
    times = (fields.when(facts, key) for key in ("ended_at", "now", "started_at"))
    at = next(filter(None, times), None)
    return f"{minute(at)} UTC" if at else None
