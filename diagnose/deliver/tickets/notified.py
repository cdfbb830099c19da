"""Everything else, by the notification library apprise: the words, and the report as a file where the service takes one."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from diagnose.deliver.tickets.ledger import Ledger
from diagnose.deliver.tickets.parcel import File
from diagnose.deliver.tickets.rehearsal import shown
from diagnose.deliver.tickets.sink import DeliveryError, Found, Note
from diagnose.deliver.tickets.ticket import Ticket
from diagnose.deliver.tickets.words import text_of
from diagnose.errors import UsageError

_LIMIT = 10 << 20


class Notified:
    """What `DIAGNOSE_APPRISE_URL` leads to. NAME in the ticket tells two of them apart in what was sent before."""

    forms: tuple[str, ...] = ("html",)

    def __init__(
        self,
        ticket: Ticket,
        environ: Mapping[str, str],
        ledger: Ledger,
        show: Callable[[str], None] | None = None,
    ) -> None:
        self._name, self._ledger, self._show = str(ticket), ledger, show
        self._url = environ.get("DIAGNOSE_APPRISE_URL", "").strip()
        if not self._url and not show:
            raise UsageError(
                "DIAGNOSE_APPRISE_URL is not set; set it to the address of the service, as apprise has it."
            )

    def look(self) -> Sequence[Found]:
        return () if self._show else self._ledger.look()

    def limit(self) -> int | None:
        return _LIMIT

    def send(self, note: Note, file: File | None, earlier: Found | None) -> str:  # noqa: ARG002  (nothing sent comes back)
        if self._show:
            self._show(
                shown(
                    f"notify {self._name}" + (f" with {file.name} ({len(file.data):,} bytes)" if file else "")
                )
            )
            for each in text_of(note).splitlines():
                self._show(shown(f"    {each}"))
            return self._name
        # Beside nothing else, its owner's only, and gone afterwards.
        with tempfile.TemporaryDirectory(prefix="diagnose-") as folder:
            path = Path(folder) / file.name if file else None
            if path and file:
                path.write_bytes(file.data)
            self._notify(note, path)
        self._ledger.keep(note.mark)
        return self._name

    def drop(self, found: Found) -> None:
        """What was sent stays sent."""

    def _notify(self, note: Note, path: Path | None) -> None:
        try:
            import apprise  # noqa: PLC0415  (an extra, and large)
        except ImportError:
            raise UsageError("apprise: needs the extra: pip install azureml-diagnose[apprise].") from None
        service = apprise.Apprise()
        if not service.add(self._url):
            raise UsageError("DIAGNOSE_APPRISE_URL is no address that apprise knows.")
        title, _, body = text_of(note).partition("\n")
        if not service.notify(title=title, body=body.strip(), attach=str(path) if path else None):
            raise DeliveryError(f"{self._name} did not take it; check DIAGNOSE_APPRISE_URL and the network.")
