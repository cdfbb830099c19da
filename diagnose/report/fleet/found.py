"""How the scan found its runs, workspace by workspace, and what kept it from seeing all of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from diagnose.report import fields, units, visible
from diagnose.report.about import Fact
from diagnose.report.fields import Node
from diagnose.report.units import Shown

WORKSPACES = 50
_REASONS = 20
_FILTERS = (("Experiment", "experiment"), ("Compute", "compute"), ("User", "user"), ("At most", "limit"))


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace, and how its runs were found."""

    name: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that kept the scan from seeing everything. `what` is a workspace or the scan."""

    what: str
    why: str


def workspaces(facts: Node) -> Shown[Workspace]:
    """All workspaces of the scan, in its order."""
    listed = fields.nodes(facts, "workspaces")
    return units.shown(
        [Workspace(_name(each), tuple(_facts(each))) for each in listed[:WORKSPACES]], WORKSPACES, len(listed)
    )


def troubles(facts: Node) -> Shown[Trouble]:
    """What the reader must know before any figure; empty for a scan that saw all it asked for."""
    found = []
    if stopped := fields.prose(facts, "stopped", 400):
        found.append(Trouble("The scan ended early", stopped))
    elif facts and fields.raw(facts, "ended_at") is None:
        found.append(
            Trouble("The scan has no end", "it is still running, or was killed; this is what it had by then")
        )
    found += [
        Trouble(_name(each), why)
        for each in fields.nodes(facts, "workspaces")
        if (why := fields.prose(each, "trouble", 400))
    ]
    return units.shown(found, WORKSPACES)


def asked(facts: Node) -> tuple[Fact, ...]:
    """What the scan looked for, and when."""
    return tuple(_asked(facts, fields.node(facts, "asked")))


def counts(table: Node, limit: int = _REASONS) -> str | None:
    """`alive 30, left no outputs 12`: the largest first; None for an empty table."""
    found = [(count, str(key)) for key in table if (count := fields.whole(table, key))]
    listed = units.shown(
        [
            f"{visible.line(key, 80)} {count:,}"
            for count, key in sorted(found, key=lambda each: (-each[0], each[1]))
        ],
        limit,
    )
    return ", ".join((*listed.items, *filter(None, [listed.more]))) or None


def _name(workspace: Node) -> str:
    return (
        fields.text(workspace, "name", 80)
        or fields.text(workspace, "workspace_id", 120)
        or "a workspace without a name"
    )


def _facts(each: Node) -> Iterator[Fact]:
    if trouble := fields.prose(each, "trouble", 400):
        yield Fact("Could not be scanned", trouble)
    why = fields.prose(each, "why", 300)
    yield Fact("Way", fields.text(each, "way", 40) or "none", why)
    for name, key in (
        ("Runs that the service sent", "listed"),
        ("Candidates", "candidates"),
        ("Diagnosed", "diagnosed"),
        ("Could not be diagnosed", "unread"),
    ):
        if (count := fields.whole(each, key)) is not None:
            yield Fact(name, f"{count:,}")
    if passed := counts(fields.node(each, "passed")):
        yield Fact("Passed over", passed)
    calls = fields.node(each, "calls")
    if said := counts(calls):
        yield Fact("Calls", f"{sum(fields.whole(calls, key) or 0 for key in calls):,}", said)
    if (waited := fields.number(each, "waited_s")) is not None:
        yield Fact("Waited for limits", units.duration(waited))


def _asked(facts: Node, question: Node) -> Iterator[Fact]:
    yield from _times(facts)
    if statuses := fields.strings(question, "statuses"):
        yield Fact("Statuses", ", ".join(visible.line(each, 40) for each in statuses[:_REASONS]))
    if since := fields.when(question, "since"):
        yield Fact("Closed runs", f"ended since {units.stamp(since)}")
    if (silent := fields.number(question, "silent_for_s")) is not None:
        yield Fact("Open runs", f"silent for {units.duration(silent)} or more")
    for name, key in _FILTERS:
        if value := fields.text(question, key, 120):
            yield Fact(name, value)
    if tags := _tags(fields.node(question, "tags")):
        yield Fact("Tags", tags)
    engine, workers = fields.text(question, "engine", 40), fields.whole(question, "workers")
    if engine and workers:
        yield Fact("Done by", f"{units.plural(workers, 'worker')}, {engine}")
    if ruleset := fields.text(facts, "ruleset", 80):
        yield Fact("Ruleset", ruleset, code=True)


def _times(facts: Node) -> Iterator[Fact]:
    start, end = fields.when(facts, "started_at"), fields.when(facts, "ended_at")
    if start:
        yield Fact("Started", units.stamp(start))
    if end:
        took = f"after {units.duration((end - start).total_seconds())}" if start else None
        yield Fact("Ended", units.stamp(end), took)


def _tags(tags: Node) -> str:
    keys = sorted(tags, key=str)[:_REASONS]
    return "; ".join(f"{visible.line(str(key), 60)} = {fields.text(tags, key, 60) or 'any'}" for key in keys)
