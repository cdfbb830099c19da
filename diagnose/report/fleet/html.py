"""The pages of a scan: whole without network and without scripts; one small script sorts and filters where it may run."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from diagnose.report import palette
from diagnose.report.fields import Node
from diagnose.report.fleet import parts
from diagnose.report.fleet.history import History
from diagnose.report.fleet.page import page
from diagnose.report.fleet.parts import INDEX, Part
from diagnose.report.fleet.scan import Scan, frame, scan_of
from diagnose.report.html import environment, style_sheet, templates
from diagnose.roster import Row

LARGEST = 1_400_000
"""Bytes of the first page, above which fewer runs are put on a page."""
_STEPS = (parts.ROWS, 150, 80, 40)


def render(rows: Sequence[Row], unread: Sequence[Node], facts: Node, history: History | None = None) -> str:
    """The first page alone: a whole document, the same for the same scan."""
    return _first(scan_of(rows, unread, facts, history))[0]


def pages(
    rows: Sequence[Row], unread: Sequence[Node], facts: Node, history: History | None = None
) -> Iterator[tuple[str, str]]:
    """Every page by its file name, `index.html` first; together they name every run of the scan."""
    scan = scan_of(rows, unread, facts, history)
    first, listed = _first(scan)
    yield INDEX, first
    for part in (*listed[1:], *parts.healthy(scan), *parts.unread(scan)):
        yield part.name, _rendered("fleet_part.html.jinja", {"frame": frame(scan), "part": part})


def _first(scan: Scan) -> tuple[str, list[Part]]:
    """The first page and the pages of runs in trouble, with so many runs on a page that none is giant."""
    said, listed = "", list[Part]()
    for rows in _STEPS:
        listed = parts.runs(scan, rows)
        said = _rendered("fleet.html.jinja", {"page": page(scan, listed, rows)})
        if len(said.encode("utf-8", "replace")) <= LARGEST:
            break
    return said, listed


def _rendered(template: str, given: Mapping[str, object]) -> str:
    from markupsafe import Markup  # noqa: PLC0415 - only this view pays for the template engine

    script = _text("fleet.js")
    # Our own files, never evidence.
    return (
        environment()
        .get_template(template)
        .render(
            **given,
            style=Markup(style_sheet() + _text("fleet.css")),  # noqa: S704
            script=Markup(script),  # noqa: S704
            digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            light=palette.light,
        )
    )


@cache
def _text(name: str) -> str:
    return (templates() / name).read_text(encoding="utf-8")
