"""Commands to copy: where the record knows the run or its one open child, the command names it."""

import re

from diagnose.report import fields
from diagnose.report.fields import Node

_PLACEHOLDER = re.compile(r"(?<![\w-])(?:CHILD-RUN-ID|RUN)(?![\w-])")
# A name from outside stands in a command that will be pasted: nothing that a shell reads as more than a word.
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")


def named(snippet: str, record: Node) -> str:
    """`snippet` with RUN and CHILD-RUN-ID replaced, each only by a name that is known and plain."""
    names = {"RUN": fields.raw(fields.node(record, "run"), "id"), "CHILD-RUN-ID": _open_child(record)}
    return _PLACEHOLDER.sub(lambda found: _plain(names[found[0]]) or found[0], snippet)


def _plain(name: str | None) -> str | None:
    return name if name and _PLAIN_NAME.fullmatch(name) else None


def _open_child(record: Node) -> str | None:
    """The id of the only child run without an end; None when there are several, or not all are listed."""
    line = fields.node(record, "timeline")
    rows = fields.nodes(line, "children")
    still = [row for row in rows if fields.when(row, "end") is None]
    whole = (fields.whole(line, "children_total") or 0) <= len(rows)
    return fields.raw(still[0], "id") if len(still) == 1 and whole else None
