"""What the report says of redaction: how many of which kinds were taken out where, and what was withheld."""

from collections.abc import Iterator

from diagnose.report import fields, units, visible
from diagnose.report.fields import Node

_FILES = 12


def sentence(record: Node) -> str | None:
    """One sentence; None for a record that says nothing of it, or of which nothing was taken out."""
    told = fields.node(record, "redaction")
    if fields.text(told, "state", 8) == "off":
        return "off: secrets were left in this report (--no-redact); keep it to yourself"
    parts = list(_kinds(fields.node(told, "kinds")))
    if withheld := fields.whole(told, "withheld_bytes"):
        parts.append(f"{units.size(withheld)} withheld, which could not be judged")
    return "taken out: " + ", ".join(parts) if parts else None


def by_file(record: Node) -> Iterator[tuple[str, str]]:
    """For the first files, what was taken out of each."""
    rows = fields.nodes(fields.node(record, "redaction"), "files")
    for row in rows[:_FILES]:
        yield fields.text(row, "path", 120) or "a file", ", ".join(_kinds(fields.node(row, "kinds")))


def _kinds(kinds: Node) -> Iterator[str]:
    for name in sorted(kinds, key=str)[:30]:
        count = fields.whole(kinds, str(name)) or 0
        yield f"{count:,} {visible.line(str(name), 40)}"
