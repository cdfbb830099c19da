"""The few words beside a report, as each system wants them: whatever is in them, none of it becomes markup there."""

import html
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from diagnose.deliver.tickets.parcel import RUN_TITLE, SCAN_TITLE
from diagnose.deliver.tickets.sink import Note
from diagnose.report.fields import Node
from diagnose.report.markdown import plain as as_markdown
from diagnose.report.page import page
from diagnose.report.visible import MARK, line, obeyed_by_none

# Systems make links of addresses, names, tickets and changes, and some obey words in braces or brackets.
_ACTIVE = re.compile(r"(?<=:)//|(?i:(?<=www))\.|[@{}\[\]|]|#(?=\w)|!(?=\d)")


def words_of(record: Node) -> tuple[tuple[str, str], ...]:
    """What happened, how sure that is, and what to do first: visible lines, about 1,000 characters."""
    shown = page(record)
    card = shown.card
    said = [
        ("Verdict", f"{card.outcome}: {card.cause} ({card.certainty.lower()})"),
        ("What happened", line(card.headline, 360)),
        (
            "Run",
            " · ".join(dict.fromkeys(filter(None, (line(shown.run, 100), line(shown.run_id or "", 100))))),
        ),
        ("Azure ML says", f"{card.status or 'nothing'}{f', idle for {card.idle}' if card.idle else ''}"),
    ]
    if shown.steps.items:
        said.append(("First", line(shown.steps.items[0].title, 200)))
    return tuple((label, obeyed_by_none(text)) for label, text in said if text)


def link_of(environ: Mapping[str, str]) -> str | None:
    """Where the report can be read: what DIAGNOSE_REPORT_URL says, else the page of the pipeline run that keeps it."""
    said = environ.get("DIAGNOSE_REPORT_URL", "").strip()
    if not said and environ.get("GITHUB_ACTIONS") == "true":
        said = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}".format_map(
            _Some(environ)
        )
    if not said and environ.get("TF_BUILD"):
        said = "{SYSTEM_COLLECTIONURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}".format_map(
            _Some(environ)
        )
    said = said.replace(" ", "%20")
    try:
        parts = urlsplit(said)
    except ValueError:
        return None
    # A link with a query that signs, or with a user in it, is a key and not a link.
    is_key = parts.username is not None or re.search(r"(?i)[?&](sig|token|code|key|password)=", said)
    is_whole = parts.scheme == "https" and parts.hostname and re.fullmatch(r"[!-~]{1,500}", said)
    return said if is_whole and not is_key and not set(said) & set("<>\"'`{}[]()|\\^") else None


class _Some(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def tame(text: str) -> str:
    """`text` with everything broken that a ticket system may act upon; angle brackets become their look-alikes."""
    broken = _ACTIVE.sub(
        lambda found: MARK.format(found[0]) if found[0] not in "[]{}|" else _LOOKS[found[0]], text
    )
    return broken.replace("<", "‹").replace(">", "›")


_LOOKS = {"[": "(", "]": ")", "{": "(", "}": ")", "|": "¦"}


def text_of(note: Note) -> str:
    """Plain lines; the mark is the last."""
    said = [f"{label}: {tame(text) if text != note.link else text}" for label, text in note.lines]
    return "\n".join([note.title, "", *said, "", str(note.mark)])


def html_of(note: Note) -> str:
    """HTML of our own few elements, with every word escaped."""
    rows = "".join(
        f"<li><b>{html.escape(label)}:</b> {_linked(text, note.link)}</li>" for label, text in note.lines
    )
    return f"<p><b>{html.escape(note.title)}</b></p><ul>{rows}</ul><p>{note.mark}</p>"


def _linked(text: str, link: str | None) -> str:
    safe = html.escape(text if text == link else tame(text))
    return f'<a href="{safe}">{safe}</a>' if text == link else safe


def markdown_of(note: Note) -> str:
    """The title, where the report is, the whole verdict as Markdown, and the mark where readers do not see it."""
    place = dict(note.lines)["Report"]
    where = f"<{place}>" if place == note.link else as_markdown(place)
    return f"### {note.title}\n\nReport: {where}\n\n{note.whole}\n<!-- {note.mark} -->"


def is_ours(comment: str) -> bool:
    """Whether a comment begins as ours do; one that quotes ours in a reply does not."""
    said = re.sub(r"<[^<>]{0,200}>", "", comment[:400])
    return bool(_OURS.match(said)) and not _QUOTING.search(comment[:400])


_OURS = re.compile(rf"[\s#*]*(?:h3\. )?(?:{RUN_TITLE}|{SCAN_TITLE})")
_QUOTING = re.compile(r"<blockquote|\{quote|^>", re.IGNORECASE)
