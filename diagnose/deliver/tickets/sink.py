"""What every ticket system can do for us: show what is there, take a report and its words, and let an old one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from diagnose.deliver.outlet import UndeliveredError
from diagnose.deliver.tickets.parcel import File, Mark


class DeliveryError(UndeliveredError):
    """The ticket system did not take it; the message says why and what to do."""


class FileRefusedError(DeliveryError):
    """It does not take this file, being too large or of the wrong kind; a smaller or plainer one may do."""


class UncertainError(DeliveryError):
    """It may have taken it, or not: to look again shows which."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something of ours in the ticket: a comment (`what` "comment") or a file ("file"), by its id there."""

    what: str
    id: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Note:
    """The comment: its words as (label, text), each a visible line that is no markup, and the mark that ends it."""

    title: str
    lines: tuple[tuple[str, str], ...]
    mark: Mark
    link: str | None = None
    whole: str = ""
    """The whole verdict as Markdown, for a system that shows Markdown and takes no file."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it. `state`: sent, replaced, unchanged, newer-there. `form`: html, zip or none, what went as a file."""

    state: str
    form: str
    where: str


class Sink(Protocol):
    """One ticket in one system. All of these raise `DeliveryError`."""

    forms: tuple[str, ...]
    """The forms of file that it takes, the best first; empty where there is no way to attach one."""

    def look(self) -> Sequence[Found]:
        """What of ours is there, of whatever run."""

    def limit(self) -> int | None:
        """The most bytes of one file, as the system says or is known for; None when nobody knows."""

    def send(self, note: Note, file: File | None, earlier: Found | None) -> str:
        """Put both there, the comment in the place of `earlier` where that can be; returns where it can be seen.

        Raises `FileRefusedError` when a smaller file may do.
        """

    def drop(self, found: Found) -> None:
        """Take away a file of ours, or a comment where that can be; nothing when it is gone already."""
