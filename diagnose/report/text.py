"""The terminal view: the story in about thirty lines, with no byte from a log that a terminal would obey."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from diagnose.report import cells, fields
from diagnose.report.claims import Hypothesis
from diagnose.report.fields import Node
from diagnose.report.page import Page, Step, page
from diagnose.report.seen import Evidence
from diagnose.report.sparkline import sparkline
from diagnose.report.visible import obeyed_by_none

SCREEN = 33
"""Lines of a story, as far as it can be told in so many."""
NARROWEST = 40


@dataclass(frozen=True, slots=True)
class Detail:
    """How many of each are told; `snippets` and `quotes` are how many of them show their lines."""

    steps: int
    snippets: int
    evidence: int
    quotes: int
    others: int
    gaps: int


DETAILS = (
    Detail(steps=2, snippets=2, evidence=4, quotes=4, others=2, gaps=3),
    Detail(steps=2, snippets=2, evidence=3, quotes=3, others=2, gaps=2),
    Detail(steps=2, snippets=1, evidence=3, quotes=3, others=2, gaps=2),
    Detail(steps=2, snippets=1, evidence=3, quotes=2, others=1, gaps=1),
    Detail(steps=2, snippets=1, evidence=2, quotes=1, others=1, gaps=1),
    Detail(steps=1, snippets=1, evidence=1, quotes=1, others=1, gaps=1),
)


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes lines of at most `limit` cells, painted when `color` was asked for, in so much detail."""

    limit: int
    color: bool
    told: Detail = DETAILS[0]

    def lines(self, text: str, indent: str = "", most: int = 3, style: str = "") -> Iterator[str]:
        """`text` after `indent`, its further lines under its first, in at most `most` lines."""
        room = self.limit - cells.width(indent)
        for place, line in enumerate(cells.wrap(obeyed_by_none(text), room, most)):
            yield (indent if place == 0 else " " * cells.width(indent)) + self.paint(line, style)

    def quote(self, text: str, indent: str) -> str:
        """One line of somebody else's text, cut to fit; it never stands at the start of a line."""
        return f"{indent}│ {self.paint(cells.cut(obeyed_by_none(text), self.limit - len(indent) - 2), 'dim')}"

    def paint(self, text: str, style: str) -> str:
        """`text` in a style, or as it is."""
        return cells.paint(text, style) if self.color and style else text


def render(record: Node, *, color: bool = False, width: int = 100) -> str:
    """The story of `record` in lines of at most `width` cells (never below 40), ending with a newline.

    It is told in as much detail as fits a screen.
    """
    shown = page(record)
    story = ""
    for told in DETAILS:
        story = _story(shown, record, Pen(max(width, NARROWEST), color, told))
        if story.count("\n") <= SCREEN:
            break
    return story


def _story(shown: Page, record: Node, pen: Pen) -> str:
    parts = (
        _verdict(shown, pen),
        _run(shown, record, pen),
        _steps(shown, pen),
        _why(shown, pen),
        _doubts(shown, pen),
        _gaps(shown, pen),
        _secrets(shown, pen),
    )
    story = "\n\n".join(filter(None, ("\n".join(part) for part in parts)))
    return obeyed_by_none(story) + "\n"


def _verdict(shown: Page, pen: Pen) -> Iterator[str]:
    card = shown.card
    outcome = obeyed_by_none(card.outcome.upper())
    cause = f"{card.cause}: {card.mechanism or card.cause_means}".rstrip(": .")
    first, *rest = pen.lines(cause, " " * (cells.width(outcome) + 2), 2)
    yield pen.paint(outcome, card.tone) + first[cells.width(outcome) :]
    yield from rest
    yield from pen.lines(card.headline, "", 5, "bold")
    yield from pen.lines(f"{card.certainty}. {card.certainty_means}", "", 2, "dim")


def _run(shown: Page, record: Node, pen: Pen) -> Iterator[str]:
    said = [shown.run if shown.run_id in {None, shown.run} else f"{shown.run} ({shown.run_id})"]
    said += filter(None, [shown.card.status, f"idle for {shown.card.idle}" if shown.card.idle else None])
    yield from pen.lines(", ".join(said), "Run  ", 3)
    if shown.timeline is None:
        return
    axis = shown.timeline.axis
    start, end = (f"{datetime.fromtimestamp(at, UTC):%H:%M}" for at in (axis.start, axis.end))
    if drawn := sparkline(fields.node(record, "timeline"), axis, min(pen.limit - 18, 72)):
        yield f"UTC  {start} {pen.paint(drawn, 'info')} {end}"


def _steps(shown: Page, pen: Pen) -> Iterator[str]:
    if not shown.steps.items:
        return
    yield pen.paint("What to do", "bold")
    for place, step in enumerate(shown.steps.items[: pen.told.steps], 1):
        yield from _step(step, place, pen)
    yield from _more(len(shown.steps.items) - pen.told.steps, shown.steps.more)


def _step(step: Step, place: int, pen: Pen) -> Iterator[str]:
    yield from pen.lines(step.title, f"  {place}. ", 2)
    snippet = step.snippet if step.snippet and place <= pen.told.snippets else ""
    for line in snippet.splitlines()[:2]:
        yield pen.quote(line, "     ")
    if step.risk:
        yield from pen.lines(f"Risk: {step.risk}", "     ", 2, "dim")


def _why(shown: Page, pen: Pen) -> Iterator[str]:
    claims = shown.claims
    if claims.supporting.items:
        yield pen.paint("Why", "bold")
        for place, each in enumerate(claims.supporting.items[: pen.told.evidence]):
            yield from _evidence(each, pen, quoted=place < pen.told.quotes)
        yield from _more(len(claims.supporting.items) - pen.told.evidence, claims.supporting.more)
    if claims.opposing.items:
        yield pen.paint("Against it", "bold")
        for place, each in enumerate(claims.opposing.items[: pen.told.others]):
            yield from _evidence(each, pen, quoted=place < pen.told.quotes)
        yield from _more(len(claims.opposing.items) - pen.told.others, claims.opposing.more)


def _evidence(each: Evidence, pen: Pen, *, quoted: bool) -> Iterator[str]:
    label = f"  {obeyed_by_none(each.label)} "
    yield from pen.lines(each.summary, label, 2)
    if each.quote is None:
        return
    under = " " * cells.width(label)
    yield from pen.lines(each.quote.place, under, 1, "dim")
    if each.quote.text and quoted:
        yield pen.quote(each.quote.text, under)


def _doubts(shown: Page, pen: Pen) -> Iterator[str]:
    others = shown.claims.rivals
    if others:
        yield pen.paint("What else it could be", "bold")
        for each in others[: pen.told.others]:
            yield from pen.lines(_hypothesis(each), "  - ", 3)
        yield from _more(len(others) - pen.told.others, shown.claims.hypotheses.more)
    if shown.claims.flip:
        named = ", ".join(each.label for each in shown.claims.flip_mentions.items) or "its evidence"
        yield from pen.lines(f"Without {named} the verdict would be: {shown.claims.flip}.", "", 2)


def _hypothesis(each: Hypothesis) -> str:
    said = [f"{each.name}: {each.certainty.lower()}"]
    for word, listed in (("for it", each.supporting), ("against it", each.opposing)):
        if listed.items:
            said.append(f"{word} {', '.join(mention.label for mention in listed.items)}")
    missing = f". Missing: {each.missing.items[0]}" if each.missing.items else ""
    return ", ".join(said) + missing


def _gaps(shown: Page, pen: Pen) -> Iterator[str]:
    if not shown.gaps.items:
        return
    yield pen.paint("Not examined", "bold")
    for gap in shown.gaps.items[: pen.told.gaps]:
        yield from pen.lines(f"{gap.what}: {gap.why}", "  - ", 2)
    yield from _more(len(shown.gaps.items) - pen.told.gaps, shown.gaps.more)


def _secrets(shown: Page, pen: Pen) -> Iterator[str]:
    for fact in shown.provenance:
        if fact.name == "Secrets":
            yield from pen.lines(fact.value, "Secrets  ", 2, "dim")


def _more(beyond: int, more: str | None) -> Iterator[str]:
    """A line for what this view leaves out, be it here or already in the page."""
    if beyond > 0 or more:
        yield "  … and more in the full report"
