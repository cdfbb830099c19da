"""The runs that are newly stuck, put into one ticket: a later scan replaces what an earlier one said, and adds nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from diagnose.deliver.outlet import UndeliveredError
from diagnose.deliver.tickets.attach import attach
from diagnose.deliver.tickets.parcel import SCAN_TITLE, Parcel, mark_of
from diagnose.deliver.tickets.sink import DeliveryError
from diagnose.deliver.tickets.sinks import more_kinds, sink_for
from diagnose.deliver.tickets.ticket import ticket_of
from diagnose.deliver.tickets.words import link_of
from diagnose.messages import NOTICE, say
from diagnose.report import fields, units
from diagnose.report.fleet import html, summary
from diagnose.report.fleet.history import BACK, NEW
from diagnose.report.visible import line, obeyed_by_none
from diagnose.roster import Row
from diagnose.scanning.pages import Told

NAMED = 5
"""Runs that the comment names; the page and the summary have them all."""


def ticket_post(typed: str, environ: Mapping[str, str]) -> Callable[[Told, Path], None]:
    """What attaches a scan to the ticket that was typed. Raises `UsageError` for what can be none."""
    ticket = ticket_of(typed, more_kinds())
    sink = sink_for(ticket, environ)

    def post(told: Told, index: Path) -> None:
        rows = newly_stuck(told)
        if not rows:
            say(f"no run is newly stuck, so nothing was attached to {ticket}", NOTICE)
            return
        try:
            sent = attach(sink, parcel_of(told, rows, link_of(environ)))
        except DeliveryError as error:
            raise UndeliveredError(f"{ticket} did not get the page: {error} It is in {index}.") from None
        state = sent.state.replace("-", " ")
        say(f"{ticket}: {units.plural(len(rows), 'newly stuck run')}, {state}", NOTICE)

    return post


def newly_stuck(told: Told) -> list[Row]:
    """The runs in trouble that were not when a scan last looked; all of them where none did."""
    words = told.history.words if told.history and told.history.last else None
    # What the pages of a scan lead to does not go along, so the rows lead nowhere.
    return [
        replace(row, report=None)
        for row in told.rows
        if row.is_trouble and (words is None or words.get(row.key) in (NEW, BACK))
    ]


def parcel_of(told: Told, rows: Sequence[Row], link: str | None = None) -> Parcel:
    """The page, the summary and the mark of some runs of a scan. The same runs in the same trouble have the same digest."""
    spaces = fields.nodes(told.facts, "workspaces")
    ids = sorted(str(each.get("workspace_id") or each.get("name") or "") for each in spaces)
    names = [name for each in spaces if (name := fields.text(each, "name", 60))]
    said = sorted([*row.key, row.outcome, row.cause, row.mechanism or ""] for row in rows)
    return Parcel(
        name=f"scan-{names[0] if len(names) == 1 else 'workspaces'}",
        mark=mark_of("scan of " + " ".join(ids), {"runs": said}, fields.when(told.facts, "now")),
        words=_words(rows),
        markdown=summary.render(rows, (), told.facts, told.history).replace(_INDEX, ""),
        render=partial(html.render, rows, (), told.facts, told.history),
        link=link,
        title=SCAN_TITLE,
    )


_INDEX = "- [The whole report](index.html)\n"


def _words(rows: Sequence[Row]) -> tuple[tuple[str, str], ...]:
    more = len(rows) - NAMED
    said = [("Runs", units.plural(len(rows), "newly stuck run"))]
    said += [(row.outcome, f"{line(row.run_id, 100)}: {line(row.headline, 200)}") for row in rows[:NAMED]]
    said += [("And", f"{units.plural(more, 'more run')}")] if more > 0 else []
    return tuple((line(label, 40), obeyed_by_none(text)) for label, text in said)
