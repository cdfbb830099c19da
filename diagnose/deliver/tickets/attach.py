"""Attaching: look what is there first, send what fits, then let what it replaces go. Once is enough, and twice is once."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from diagnose.deliver.tickets.gate import passed
from diagnose.deliver.tickets.parcel import File, Parcel
from diagnose.deliver.tickets.sink import (
    DeliveryError,
    FileRefusedError,
    Found,
    Note,
    Sent,
    Sink,
    UncertainError,
)

log = logging.getLogger(__name__)

TRIES = 3
_PAUSE_S = 1.0


def attach(sink: Sink, parcel: Parcel, pause: Callable[[float], None] = time.sleep) -> Sent:
    """Have the parcel in the ticket, exactly once. Raises `DeliveryError`.

    Where an answer was lost nobody knows whether it was taken; then the ticket is looked at again before anything is sent again.
    """
    for attempt in range(1, TRIES):
        try:
            return _once(sink, parcel)
        except UncertainError as error:
            log.info("looking again, try %d: %s", attempt + 1, error)
            pause(_PAUSE_S * attempt)
    return _once(sink, parcel)


def _once(sink: Sink, parcel: Parcel) -> Sent:
    there = [found for found in sink.look() if found.mark.run == parcel.mark.run]
    same = [found for found in there if found.mark.verdict == parcel.mark.verdict]
    others = [found for found in there if found not in same]
    comments = [found for found in there if found.what == "comment"]
    if any(found.mark.at > parcel.mark.at for found in others):
        return Sent("newer-there", "none", "")
    said = _said(same)
    # Where a comment can only be added to, an older one may say the same, and another have been said since.
    if said and not any(found.mark.at > said.mark.at for found in others):
        _let_go(sink, others)
        return Sent("unchanged", said.mark.form, "")
    form, where = _sent(sink, parcel, same, comments)
    _let_go(sink, [found for found in others if found not in comments[-1:]])
    return Sent("replaced" if there and not same else "sent", form, where)


def _said(same: Sequence[Found]) -> Found | None:
    """The comment about this very verdict whose file, if it speaks of one, is there too."""
    has_file = any(found.what == "file" for found in same)
    whole = [f for f in same if f.what == "comment" and (has_file or f.mark.form == "none")]
    return whole[-1] if whole else None


def _sent(sink: Sink, parcel: Parcel, same: Sequence[Found], comments: Sequence[Found]) -> tuple[str, str]:
    """Send the largest form that is taken; what arrived in an earlier try is not sent again."""
    earlier = comments[-1] if comments else None
    for found in same:
        if found.what == "file":
            return found.mark.form, sink.send(note_of(parcel, found.mark.form), None, earlier)
    for file in _fitting(sink, parcel):
        form = file.name.rpartition(".")[2]
        try:
            return form, sink.send(note_of(parcel, form), file, earlier)
        except FileRefusedError as error:
            log.info("%s", error)
    return "none", sink.send(note_of(parcel, "none"), None, earlier)


def _fitting(sink: Sink, parcel: Parcel) -> Iterator[File]:
    limit = sink.limit() if sink.forms else None
    for form in sink.forms:
        file = parcel.file(form)
        if limit is None or len(file.data) <= limit:
            yield file
        else:
            log.info("%s has %d bytes and the ticket takes %d", form, len(file.data), limit)


def note_of(parcel: Parcel, form: str) -> Note:
    """The comment that goes with the report in a form, once the last gate has seen it."""
    lines = [*parcel.words, ("Report", _place(form, parcel.link))]
    passed("\n".join(text for _, text in lines).encode("utf-8", "replace"))
    passed(parcel.markdown.encode("utf-8", "replace"))
    mark = replace(parcel.mark, form=form)
    return Note(parcel.title, tuple(lines), mark, parcel.link, parcel.markdown)


def _place(form: str, link: str | None) -> str:
    match form:
        case "html":
            return "attached as an HTML file that opens anywhere"
        case "zip":
            return "attached as a .zip with one HTML file"
        case _:
            return link or "with whoever ran diagnose; it could not be attached here"


def _let_go(sink: Sink, stale: Sequence[Found]) -> None:
    """What is replaced goes last, so that there is never a moment without a report; one that stays is no failure."""
    for found in stale:
        with suppress(FileRefusedError):
            try:
                sink.drop(found)
            except DeliveryError as error:
                log.warning("An older report stays in the ticket: %s", error)
