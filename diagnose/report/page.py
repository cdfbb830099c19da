"""The report as a page: every sentence, number and order is decided here; a template only arranges."""

from dataclasses import dataclass

from diagnose.report import about, fields, units
from diagnose.report.about import Fact
from diagnose.report.card import Card, card
from diagnose.report.claims import Claims, claims
from diagnose.report.fields import Node
from diagnose.report.gaps import Gap, gaps, no_gaps
from diagnose.report.placeholders import named
from diagnose.report.timeline import Timeline, timeline
from diagnose.report.units import Shown
from diagnose.report.visible import block
from diagnose.report.when import reference

STEPS = 12


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do, why, a command or change to copy, and what it may cost."""

    title: str
    detail: str | None
    snippet: str | None
    risk: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """All that any view says of one run. Every string is visible, bounded text, and none is markup."""

    title: str
    run: str
    run_id: str | None
    experiment: str | None
    portal: str | None
    card: Card
    timeline: Timeline | None
    steps: Shown[Step]
    no_steps: str
    """What is said where there is nothing to do."""
    claims: Claims
    gaps: Shown[Gap]
    no_gaps: str
    """What is said where no gap is listed."""
    facts: tuple[Fact, ...]
    ruled_out: Shown[str]
    ruled_out_title: str
    provenance: tuple[Fact, ...]
    by: str


def page(record: Node) -> Page:
    """The page of a verdict record, whatever of it is absent, null or odd."""
    run, told, verdict = fields.node(record, "run"), reference(record), card(record)
    name, claimed = about.run_name(record), claims(record, told)
    return Page(
        title=f"{verdict.outcome}: {name} · {verdict.cause}",
        run=name,
        run_id=fields.text(run, "id", 120),
        experiment=fields.text(run, "experiment", 120),
        portal=about.portal(record),
        card=verdict,
        timeline=timeline(record, claimed.anchors),
        steps=_steps(record),
        no_steps="Nothing needs to be done." if verdict.harmless else "No remedy is known for this.",
        claims=claimed,
        gaps=gaps(record),
        no_gaps=no_gaps(record),
        facts=about.facts(record, told),
        ruled_out=about.ruled_out(record),
        ruled_out_title=about.ruled_out_title(record),
        provenance=about.provenance(record),
        by=fields.text(fields.node(record, "generated"), "by", 80) or "diagnose",
    )


def _steps(record: Node) -> Shown[Step]:
    rows = fields.nodes(record, "next_steps")
    return units.shown([_step(row, record) for row in rows[:STEPS]], STEPS, len(rows))


def _step(row: Node, record: Node) -> Step:
    snippet = fields.raw(row, "snippet")
    return Step(
        title=fields.prose(row, "title", 200) or "A step without a title",
        detail=fields.prose(row, "detail", 800),
        snippet=block(named(snippet, record)) if snippet and snippet.strip() else None,
        risk=fields.prose(row, "risk", 500),
    )
