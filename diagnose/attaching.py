"""`diagnose attach`: a verdict, made now or earlier, is put into an incident ticket; where that fails it stays as a file."""

import json
import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from diagnose.commands import verdict_on
from diagnose.deliver.file import write_file
from diagnose.deliver.outlet import UndeliveredError
from diagnose.deliver.stdout import put_out
from diagnose.deliver.tickets.attach import attach
from diagnose.deliver.tickets.parcel import Parcel, mark_of
from diagnose.deliver.tickets.rehearsal import shown
from diagnose.deliver.tickets.sink import DeliveryError, Sent, Sink
from diagnose.deliver.tickets.sinks import Show, more_kinds, sink_for
from diagnose.deliver.tickets.ticket import Ticket, ticket_of
from diagnose.deliver.tickets.words import link_of, words_of
from diagnose.deliver.wanted import file_name
from diagnose.errors import DiagnoseError
from diagnose.messages import NOTICE, say
from diagnose.recording import Record
from diagnose.remote import Remote
from diagnose.report import html, markdown
from diagnose.settings import RulesAsked

VERDICT_BYTES = 64 << 20
_TOLD = {
    "sent": "attached to {}",
    "replaced": "attached to {}, in the place of an older report of the run",
    "unchanged": "{} has this verdict already; nothing was changed",
    "newer-there": "{} has a newer verdict on the run; nothing was changed",
}


def attach_run(
    typed: str, name: str, remote: Remote, asked: RulesAsked | None = None, *, dry_run: bool = False
) -> int:
    """Attach the report of a run to the ticket that was typed; returns the exit code of `spec/verdict.md`."""
    ticket = ticket_of(typed, more_kinds())
    show: Show | None = _line if dry_run else None
    sink = sink_for(ticket, os.environ, show)  # what is missing is said before an hour of a run is read
    record = verdict_at(Path(name)) if _is_verdict(name) else verdict_on(name, remote, asked)
    parcel = parcel_of(record, _called(record, name), os.environ)
    if dry_run:
        attach(sink, parcel)
        return 0
    _tell(deliver(ticket, sink, parcel), ticket, parcel)
    return 0


def deliver(ticket: Ticket, sink: Sink, parcel: Parcel) -> Sent:
    """Attach it. Raises `UndeliveredError`, the report being kept as a file and named in the message."""
    try:
        return attach(sink, parcel)
    except DeliveryError as error:
        kept = _kept(parcel)
        raise UndeliveredError(f"{ticket} did not get the report: {error} {kept}") from None


def parcel_of(record: Record, name: str, environ: Mapping[str, str]) -> Parcel:
    """The parcel of a verdict on one run."""
    return Parcel(
        name=name,
        mark=mark_of(name, record),
        words=words_of(record),
        markdown=markdown.render(record),
        render=partial(html.render, record),
        link=link_of(environ),
    )


def verdict_at(path: Path) -> Record:
    """The verdict in a file that `-f json` made. Raises `DiagnoseError`."""
    try:
        with path.open("rb") as file:
            data = file.read(VERDICT_BYTES + 1)
        if len(data) > VERDICT_BYTES:
            raise DiagnoseError(f"{path} is larger than any verdict; name the JSON of one run.")
        value = json.loads(data)
    except OSError as error:
        raise DiagnoseError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:
        raise DiagnoseError(
            f"{path} is no single verdict in JSON; write one with -f json -o {path}."
        ) from error
    if value.get("version") != 1 or not isinstance(value.get("run"), dict):
        raise DiagnoseError(f"{path} is a verdict of another version; this program reads version 1.")
    record: Record = value
    return record


def _is_verdict(name: str) -> bool:
    """Whether a file on disk says at its beginning that it is a verdict."""
    path = Path(name)
    try:
        with path.open("rb") as file:
            head = file.read(400)
    except (OSError, ValueError):
        return False
    return path.is_file() and head.lstrip().startswith(b"{") and b'"run-verdict"' in head


def _called(record: Record, typed: str) -> str:
    run = record["run"].get("id")
    return run if isinstance(run, str) and run else Path(typed).stem


def _tell(sent: Sent, ticket: Ticket, parcel: Parcel) -> None:
    put_out(f"{shown(_TOLD[sent.state].format(ticket))}\n")
    if sent.form == "none" and sent.state in ("sent", "replaced"):
        say(f"The ticket took the summary only. {_kept(parcel)}", NOTICE)


def _kept(parcel: Parcel) -> str:
    path = Path(file_name(parcel.name, "html", set()))
    try:
        write_file(path, parcel.file("html").data.decode())
    except DiagnoseError as error:
        return str(error)
    return f"The report is kept in {path}."


def _line(said: str) -> None:
    put_out(f"{said}\n")
