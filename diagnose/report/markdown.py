"""The Markdown view for a ticket: no link, image, mention, HTML or table is ever made of evidence."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from diagnose.report.claims import Hypothesis
from diagnose.report.fields import Node
from diagnose.report.gaps import Gap
from diagnose.report.page import Page, Step, page
from diagnose.report.seen import Evidence
from diagnose.report.units import Shown
from diagnose.report.visible import MARK, obeyed_by_none

SHORT = 1000
LONG = 60_000
"""Below what a comment may hold at GitHub, the least generous: 65,536 characters."""

# Renderers make links of addresses, names and issue numbers even where they are escaped, so these are broken.
_ACTIVE = re.compile(r"(?<=:)//|(?i:(?<=www))\.|@|#(?=\w)|!(?=\d)")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~&$^])")
_OPENING = re.compile(r"^(\s*)([-+=#:]|\d+(?=[.)]))")


def render(record: Node) -> str:
    """The whole verdict in CommonMark without tables, in about `LONG` characters at most, then a newline."""
    shown = page(record)
    said = ""
    for most in (12, 6, 3, 1):
        parts = (
            _verdict(shown),
            _steps(shown.steps, most),
            _why(shown, most),
            _doubts(shown, most),
            _gaps(shown.gaps, most),
            _about(shown, most),
        )
        said = obeyed_by_none("\n\n".join(filter(None, ("\n".join(part) for part in parts)))) + "\n"
        if len(said) <= LONG:
            break
    return said


def short(record: Node) -> str:
    """The verdict, how sure it is and what to do first: Markdown of less than 1,000 characters."""
    shown = page(record)
    for limit in (400, 240, 160, 100, 60, 30):
        said = obeyed_by_none("\n\n".join(_brief(shown, limit))) + "\n"
        if len(said) < SHORT:
            return said
    return f"**{plain(shown.card.outcome, 20)}**\n"


def plain(text: str, limit: int = 3000) -> str:
    """`text` as words that no Markdown renderer takes for more than words."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    broken = _ACTIVE.sub(lambda found: MARK.format(found[0]), cut)
    return _OPENING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", broken))


def code(text: str) -> str:
    """`text`, which is one line, as a code span with a fence longer than any in it."""
    fence = "`" * (_longest_fence(text) + 1)
    pad = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _longest_fence(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _fenced(lines: Sequence[str], indent: str) -> Iterator[str]:
    """A code block; its fence is longer than any in it, so that no line of it can end it."""
    fence = "`" * max(3, _longest_fence("\n".join(lines)) + 1)
    yield f"{indent}{fence}text"
    yield from (f"{indent}{line}" for line in lines)
    yield f"{indent}{fence}"


def _verdict(shown: Page) -> Iterator[str]:
    card = shown.card
    yield f"## {plain(card.outcome)}: {plain(card.cause)}"
    yield ""
    yield f"**{plain(card.headline)}**"
    yield ""
    yield f"- Run {code(shown.run)}" + (f" ({code(shown.run_id)})" if shown.run_id else "")
    if card.status:
        yield f"- Azure ML says {code(card.status)}" + (f": {card.status_means}" if card.status_means else "")
    if card.mechanism or card.cause_means:
        yield f"- How: {plain(card.mechanism or card.cause_means).rstrip('.')}"
    yield f"- How sure: **{plain(card.certainty)}**. {card.certainty_means}"
    if card.idle:
        yield f"- Idle for {card.idle} after the work ended ({card.idle_exact})"
    if card.explanation:
        yield ""
        yield plain(card.explanation)


def _steps(steps: Shown[Step], most: int) -> Iterator[str]:
    if not steps.items:
        return
    yield "### What to do"
    for place, step in enumerate(steps.items[:most], 1):
        yield ""
        yield f"{place}. **{plain(step.title)}**"
        indent = " " * (len(str(place)) + 2)
        if step.detail:
            yield ""
            yield f"{indent}{plain(step.detail)}"
        if step.snippet:
            yield ""
            yield from _fenced(step.snippet.splitlines(), indent)
        if step.risk:
            yield ""
            yield f"{indent}Risk: {plain(step.risk)}"
    yield from _more(steps, most)


def _why(shown: Page, most: int) -> Iterator[str]:
    claims = shown.claims
    groups = (("Evidence for it", claims.supporting), ("Evidence against it", claims.opposing))
    for title, listed in groups:
        if listed.items or listed.more:
            yield f"### {title}"
            for each in listed.items[:most]:
                yield ""
                yield from _evidence(each)
            yield from _more(listed, most)
            yield ""


def _evidence(each: Evidence) -> Iterator[str]:
    seen = f", {each.at.text}" if each.at else ""
    yield f"- **{plain(each.label)}** {plain(each.summary)} ({plain(each.kind)}{seen})"
    if each.quote:
        yield ""
        yield f"  {code(each.quote.place)}"
        if each.quote.text:
            around = [f"  {line}" for line in each.quote.before], [f"  {line}" for line in each.quote.after]
            yield ""
            yield from _fenced([*around[0], f"▸ {each.quote.text}", *around[1]], "  ")


def _doubts(shown: Page, most: int) -> Iterator[str]:
    others = shown.claims.rivals
    if others:
        yield "### What else it could be"
        yield ""
        for each in others[:most]:
            yield from _hypothesis(each)
        yield ""
    if shown.claims.flip:
        named = ", ".join(plain(each.label) for each in shown.claims.flip_mentions.items) or "its evidence"
        yield f"Without {named} the verdict would be **{plain(shown.claims.flip)}**."


def _hypothesis(each: Hypothesis) -> Iterator[str]:
    said = [f"**{plain(each.name)}**: {plain(each.certainty.lower())}"]
    for word, listed in (("for it", each.supporting), ("against it", each.opposing)):
        if listed.items:
            said.append(f"{word} {', '.join(plain(mention.label) for mention in listed.items)}")
    yield "- " + ", ".join(said)
    for missing in each.missing.items[:3]:
        yield f"  - Missing: {plain(missing)}"


def _gaps(gaps: Shown[Gap], most: int) -> Iterator[str]:
    if not gaps.items:
        return
    yield "### What could not be examined"
    yield ""
    for gap in gaps.items[:most]:
        yield f"- {plain(gap.what)}: {plain(gap.why)}"
    yield from _more(gaps, most)


def _about(shown: Page, most: int) -> Iterator[str]:
    if shown.facts:
        yield "### Facts of the run"
        yield ""
    for fact in shown.facts[: most * 2]:
        value = code(fact.value) if fact.code or fact.name == "Studio" else plain(fact.value)
        yield f"- {plain(fact.name)}: {value}" + (f" ({plain(fact.exact)})" if fact.exact else "")
    yield ""
    ruleset = next(
        (f", ruleset {code(fact.value)}" for fact in shown.provenance if fact.name == "Ruleset"), ""
    )
    yield f"Judged by {plain(shown.by)}{ruleset}. All times are UTC."
    yield from (f"Secrets {plain(fact.value)}." for fact in shown.provenance if fact.name == "Secrets")


def _brief(shown: Page, limit: int) -> Iterator[str]:
    card = shown.card
    cause, certainty = plain(card.cause, limit), plain(card.certainty.lower(), limit)
    yield f"**{plain(card.outcome, limit)}: {cause}** ({certainty})"
    yield plain(card.headline, limit)
    status = f", {code(card.status)}" if card.status else ""
    yield f"Run {code(shown.run[:limit])}{status}" + (f", idle for {card.idle}" if card.idle else "")
    if shown.steps.items:
        first = shown.steps.items[0]
        yield f"First: {plain(first.title, limit)}"
        if first.snippet and "\n" not in first.snippet and len(first.snippet) <= limit:
            yield code(first.snippet)


def _more(listed: Shown[Any], most: int) -> Iterator[str]:
    """A line for what this view leaves out, be it here or already in the page."""
    if len(listed.items) > most or listed.more:
        yield ""
        yield "… and more in the full report."
