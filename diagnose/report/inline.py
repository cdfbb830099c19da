"""A report, and a list of runs, as a piece of somebody else's page: a cell of a notebook."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from diagnose.report import about, html, units, visible, words
from diagnose.report.claims import cause_name, certainty_word
from diagnose.report.fields import Node
from diagnose.report.page import page
from diagnose.roster import Row

ROWS = 20
"""Runs of a list; a notebook keeps every cell's output in its file."""


# In such a frame a link to a section leads to the page around it, and one to the portal into the frame, where the portal does
# not let itself be shown. Both are in the templates' own words, which no evidence can write: its quotes are escaped.
_LINKS = (
    ('href="#', 'href="about:srcdoc#'),
    (' rel="noopener noreferrer"', ' rel="noopener noreferrer" target="_blank"'),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One run of the list, every field visible, bounded text."""

    run: str
    portal: str | None
    status: str
    outcome: str
    cause: str
    certainty: str
    idle: str
    node_hours: str
    owner: str
    headline: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The list: a sentence, the first runs, and what is not shown."""

    summary: str
    rows: tuple[Listed, ...]
    more: str | None


def report(record: Node) -> str:
    """The report in a frame of its own, without scripts, below its one sentence.

    Not as a part of the page: its style sheet speaks of `body` and `:root`, and a page has names of its own. Where frames are
    left out (a notebook that is not trusted, a viewer on the web) the sentence stays.
    """
    document = html.render(record)
    for ours, framed in _LINKS:
        document = document.replace(ours, framed)
    return str(_templates().report(page(record), document))


def runs(rows: Sequence[Row], skipped: int = 0) -> str:
    """The runs as a table: those in trouble first, the most idle node-hours first, `ROWS` at most."""
    return str(_templates().runs(listing(rows, skipped)))


def listing(rows: Sequence[Row], skipped: int = 0) -> Listing:
    """What `runs` shows."""
    worst = sorted(rows, key=lambda row: (not row.is_trouble, -(row.node_hours or 0), row.run_id))
    shown = units.shown(worst, ROWS)
    return Listing(summary(rows, skipped), tuple(map(_listed, shown.items)), shown.more)


def summary(rows: Sequence[Row], skipped: int = 0) -> str:
    """`60 runs, 12 in trouble, 31.5 node-hours idle.` and what could not be read."""
    trouble = sum(row.is_trouble for row in rows)
    hours = sum(row.node_hours or 0 for row in rows if row.is_trouble)
    said = f"{units.plural(len(rows), 'run')}, {trouble:,} in trouble"
    said += f", {hours:,.1f} node-hours idle." if hours else "."
    return said + (f" {units.plural(skipped, 'line')} could not be read." if skipped else "")


def _listed(row: Row) -> Listed:
    return Listed(
        run=visible.line(row.display_name or row.run_id or "a run without a name", 120),
        portal=about.portal({"run": {"portal_url": row.portal_url}}),
        status=visible.line(row.status or "", 40),
        outcome=words.OUTCOMES.get(row.outcome, (visible.line(row.outcome, 40),))[0],
        cause=cause_name(row.cause),
        certainty=certainty_word(row.certainty),
        idle="" if row.idle_s is None else visible.line(units.duration(row.idle_s), 30),
        node_hours="" if row.node_hours is None else visible.line(f"{row.node_hours:,.1f}", 30),
        owner=visible.line(row.owner or "", 80),
        headline=visible.prose(row.headline, 200),
    )


def _templates() -> Any:
    return html.environment().get_template("inline.html.jinja").module
