"""What a scan leaves to be read: its pages, and the tables and summaries that were asked for, made anew from its folder."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from diagnose.deliver.file import write_file
from diagnose.report.fields import Node
from diagnose.report.fleet import html, junit, summary, text
from diagnose.report.fleet.history import History, history_of, read_scans, saved, summary_of
from diagnose.report.fleet.scans import SAVED
from diagnose.roster import Row
from diagnose.scanning.journal import INDEX, RESULTS, Journal
from diagnose.scanning.scan import Scanned
from diagnose.tables import write_csv, write_parquet

FILES = {
    "markdown": "summary.md",
    "junit": "scan.xml",
    "text": "summary.txt",
    "csv": "results.csv",
    "parquet": "results.parquet",
}
"""What a format is called in the folder of a scan; its page and its lines of JSON are always there."""


@dataclass(frozen=True, slots=True)
class Told:
    """A scan as it is told: its rows, the runs that could not be diagnosed, its facts, and the scans before it."""

    rows: Sequence[Row]
    unread: Sequence[Node]
    facts: Node
    history: History | None

    def view(self, form: str, *, color: bool = False) -> str:
        """One of the summaries."""
        views: dict[str, Callable[[], str]] = {
            "markdown": lambda: summary.render(self.rows, self.unread, self.facts, self.history),
            "junit": lambda: junit.render(self.rows, self.unread),
            "text": lambda: text.render(self.rows, self.unread, self.facts, self.history, color=color),
        }
        return views[form]()


def told(journal: Journal, scanned: Scanned) -> Told:
    """The scan, read back from its folder, against the other scans beside it."""
    rows, unread = journal.rows(scanned.keys), journal.unread(scanned.unread)
    earlier = read_scans(journal.folder.resolve().parent, but=journal.folder)
    history = history_of(earlier, rows, unread, scanned.facts)
    return Told(rows, unread, scanned.facts, history)


def write_pages(journal: Journal, found: Told) -> None:
    """`index.html` and the pages that it leads to, and what later scans compare with; pages of an earlier time are gone."""
    names = set()
    for name, page in html.pages(found.rows, found.unread, found.facts, found.history):
        write_file(journal.folder / name, page)
        names.add(name)
    size = (journal.folder / RESULTS).stat().st_size if (journal.folder / RESULTS).exists() else 0
    # What later scans compare with, so that they need not read these records again.
    write_file(journal.folder / SAVED, saved(summary_of(found.facts, found.rows, found.unread), size))
    for old in journal.folder.glob("*.html"):
        if old.name not in names and old.name != INDEX:
            with contextlib.suppress(OSError):
                old.unlink()


def write_file_of(form: str, journal: Journal, found: Told) -> None:
    """A table or summary in the folder of the scan."""
    path = journal.folder / FILES[form]
    match form:
        case "csv":
            write_csv(found.rows, path)
        case "parquet":
            write_parquet(found.rows, path)
        case _:
            write_file(path, found.view(form))
