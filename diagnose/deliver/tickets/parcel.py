"""What is sent: the report in its forms, the words beside it, and the mark by which it is found again."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from diagnose.deliver.tickets.gate import passed
from diagnose.report.fields import when

_MARK = re.compile(
    r"diagnose(?:[:.]|-[A-Za-z0-9_-]{1,60}\.)([0-9a-f]{16})[:.]([0-9a-f]{16})[:.](\d{8}T\d{6}Z)[:.]([a-z]{3,4})\b"
)
RUN_TITLE, SCAN_TITLE = "Diagnosis of an Azure ML run", "Newly stuck Azure ML runs"
"""How our comments begin, and how they are known again."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_FORMS = {"html": "text/html", "zip": "application/zip"}


@dataclass(frozen=True, slots=True)
class Mark:
    """Which run, which verdict on it, and when it was reached; a ticket keeps it in the comment and the file's name.

    `form`: what was sent as a file: `html`, `zip` or `none`.
    """

    run: str
    verdict: str
    at: datetime
    form: str = "none"

    def __str__(self) -> str:
        return f"diagnose:{self.run}:{self.verdict}:{self.at:%Y%m%dT%H%M%SZ}:{self.form}"


def mark_in(text: str) -> Mark | None:
    """The last mark in a comment or a file's name."""
    found = list(_MARK.finditer(text))
    if not found:
        return None
    run, verdict, at, form = found[-1].groups()
    try:
        moment = datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        moment = _LONG_AGO
    return Mark(run, verdict, moment, form)


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent. Its name holds the mark and nothing that any system stumbles over."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Parcel:
    """A report for a ticket. `name`: of the run, for people; `render` makes the HTML when it is needed.

    `words`: what stands in the comment, as (label, text); `markdown`: the whole verdict, for where no file can go; `link`: where
    the report can be read, when anything says so.
    """

    name: str
    mark: Mark
    words: tuple["tuple[str, str]", ...]
    markdown: str
    render: Callable[[], str] = field(repr=False)
    link: str | None = None
    title: str = RUN_TITLE

    @cached_property
    def html(self) -> bytes:
        """The report, byte for byte what a file of it holds."""
        return self.render().encode("utf-8", errors="replace")

    @cached_property
    def zip(self) -> bytes:
        """The same in an archive of one member: smaller, and let through where HTML is not."""
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            # The same report makes the same archive, whatever the clock says.
            member = zipfile.ZipInfo(f"diagnose-{_slug(self.name)}.html", (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            archive.writestr(member, self.html)
        return held.getvalue()

    def file(self, form: str) -> File:
        """The report as a file in a form, once the last gate has seen it."""
        mark = f"{self.mark.run}.{self.mark.verdict}.{self.mark.at:%Y%m%dT%H%M%SZ}"
        name = f"diagnose-{_slug(self.name)}.{mark}.{form}"
        passed(self.html)
        return File(name, _FORMS[form], self.html if form == "html" else self.zip)


def mark_of(run: str, verdict: Mapping[str, Any], at: datetime | None = None) -> Mark:
    """The mark of a verdict on the run that is called so. Two verdicts that differ in their time only have one digest."""
    generated = verdict.get("generated")
    kept = {key: value for key, value in verdict.items() if key != "generated"}
    if isinstance(generated, Mapping):
        kept["generated"] = {key: value for key, value in generated.items() if key != "at"}
        at = at or when(generated, "at")
    said = json.dumps(kept, sort_keys=True, separators=(",", ":"), default=str)
    return Mark(_digest(run), _digest(said), at or _LONG_AGO)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()[:16]


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name[:60]).strip("-") or "run"
