"""One piece of evidence: what was seen, when, by which rule, and the place where it can be read."""

from collections.abc import Mapping
from dataclasses import dataclass

from diagnose.report import fields, visible, words
from diagnose.report.decisive import decisive
from diagnose.report.fields import Node
from diagnose.report.when import Reference, When

QUOTE = 900
SUMMARY = 240
"""Characters of a summary above a quote; without one it may be twice as long."""
CONTEXT_LINES = 3
CONTEXT = 240


@dataclass(frozen=True, slots=True)
class Quote:
    """A place in a file, the decisive line there, and a few lines around it."""

    path: str
    line: int | None
    text: str | None
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def place(self) -> str:
        """`user_logs/std_log.txt, line 812`."""
        return self.path if self.line is None else f"{self.path}, line {self.line:,}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen, or looked for and not found."""

    anchor: str
    label: str
    summary: str
    kind: str
    rule: str | None
    at: When | None
    direct: bool
    quote: Quote | None


def evidence(row: Node, place: int, titles: Mapping[str, str], told: Reference) -> Evidence:
    """The piece that `row` tells, the `place`th of the record; `titles`: rule -> what it is called."""
    rule = fields.raw(row, "rule") or ""
    kind = fields.raw(row, "kind") or ""
    quote = _quote(fields.node(row, "source"), fields.node(row, "context"))
    return Evidence(
        anchor=f"evidence-{place}",
        label=fields.text(row, "id", 12) or f"#{place}",
        summary=_summary(fields.raw(row, "summary") or "", quoted=bool(quote and quote.text)),
        kind=words.KINDS.get(kind) or fields.text(row, "kind", 40) or "evidence",
        rule=titles.get(rule) or fields.text(row, "rule", 80),
        at=told.tell(fields.when(row, "at")),
        direct=row.get("direct") is True,
        quote=quote,
    )


def _summary(summary: str, *, quoted: bool) -> str:
    """The summary, or its first line where a quote below tells the rest."""
    told = summary.strip().partition("\n")[0] if quoted else summary
    return visible.prose(told, SUMMARY if quoted else 2 * SUMMARY) or "No summary is recorded."


def _quote(source: Node, context: Node) -> Quote | None:
    path = fields.text(source, "path", 240)
    said = decisive(fields.raw(source, "text") or "")
    text = visible.line(said, QUOTE) if said.strip() else None
    if path is None and text is None:
        return None
    around = {
        side: [visible.line(each, CONTEXT) for each in fields.strings(context, side)] for side in context
    }
    return Quote(
        path=path or "a file that is not named",
        line=fields.whole(source, "line"),
        text=text,
        before=tuple(around.get("before", [])[-CONTEXT_LINES:]),
        after=tuple(around.get("after", [])[:CONTEXT_LINES]),
    )
