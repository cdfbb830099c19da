"""E-mail: a message with the words as text and HTML and the report as a file, sent by SMTP or written as `.eml`."""

import logging
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from diagnose.deliver.tickets.ledger import Ledger
from diagnose.deliver.tickets.parcel import File, mark_in
from diagnose.deliver.tickets.rehearsal import shown
from diagnose.deliver.tickets.sink import DeliveryError, FileRefusedError, Found, Note
from diagnose.deliver.tickets.site import Site, is_loopback
from diagnose.deliver.tickets.ticket import Ticket
from diagnose.deliver.tickets.words import html_of, text_of
from diagnose.errors import UsageError
from diagnose.report.visible import line
from diagnose.whole import whole_file

log = logging.getLogger(__name__)

KNOWN_LIMIT = 10 << 20
"""Of a message, where the server does not say; many gateways take no more."""
_OVERHEAD = 16 << 10
_TIME_OUT_S = 20.0
_NO_RETURN = "diagnose@localhost"


def site_of_email(environ: Mapping[str, str], *, rehearsal: bool) -> Site:
    """`DIAGNOSE_EMAIL_URL`: smtp://HOST[:PORT], smtps://HOST[:PORT] or file:PATH. Raises `UsageError`."""
    url = environ.get("DIAGNOSE_EMAIL_URL", "").strip()
    user, token = (environ.get(f"DIAGNOSE_EMAIL_{what}", "").strip() for what in ("USER", "TOKEN"))
    if rehearsal:
        url, token = url or "smtps://DIAGNOSE_EMAIL_URL.invalid", ""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise UsageError("DIAGNOSE_EMAIL_URL is not an address; write smtps://HOST.") from None
    if parts.username is not None:
        raise UsageError(
            "DIAGNOSE_EMAIL_URL holds a user; put the credential into DIAGNOSE_EMAIL_USER and _TOKEN."
        )
    if not ((parts.scheme in ("smtp", "smtps") and host) or (parts.scheme == "file" and parts.path)):
        raise UsageError(
            "DIAGNOSE_EMAIL_URL is not set or no such address; write smtps://HOST, smtp://HOST or file:PATH."
        )
    return Site("email", url, user, token)


class Email:
    """One address. `show` is for a rehearsal, which sends nothing."""

    forms: tuple[str, ...] = ("html", "zip")

    def __init__(
        self,
        ticket: Ticket,
        site: Site,
        ledger: Ledger,
        show: Callable[[str], None] | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._to, self._site, self._ledger, self._show = ticket["id"], site, ledger, show
        self._folder = _path(site.url) if site.url.startswith("file:") else None
        self._context = context

    def look(self) -> Sequence[Found]:
        if self._folder is None:
            return () if self._show else self._ledger.look()
        own = f".{_slug(self._to)}.eml"
        names = (
            [each.name for each in sorted(self._folder.glob(f"diagnose.*{own}"))]
            if self._folder.is_dir()
            else []
        )
        marks = [(name, mark_in(name.removesuffix(own))) for name in names]
        # Of a whole message the file is a part; which one is of no concern here.
        return [
            Found("comment", name, type(mark)(mark.run, mark.verdict, mark.at))
            for name, mark in marks
            if mark
        ]

    def limit(self) -> int | None:
        if self._folder is not None or self._show:
            return _of_file(KNOWN_LIMIT)
        with self._connected() as server:
            told = server.esmtp_features.get("size", "")
        return _of_file(int(told)) if told.isdecimal() and int(told) else _of_file(KNOWN_LIMIT)

    def send(self, note: Note, file: File | None, earlier: Found | None) -> str:
        message = self.message(note, file)
        if self._show:
            self._tell(message)
        elif self._folder is not None:
            return self._written(message, note, earlier)
        else:
            self._post(message)
            if not self._ledger.keep(note.mark):
                log.warning(
                    "That it was sent cannot be written down here; sent again, it would arrive twice."
                )
        return self._to

    def drop(self, found: Found) -> None:
        if self._folder is not None and found.id:
            (self._folder / found.id).unlink(missing_ok=True)

    def message(self, note: Note, file: File | None) -> EmailMessage:
        """The message: the same bytes for the same verdict. A header with a line break in it cannot be made."""
        mark, words = note.mark, dict(note.lines)
        message = EmailMessage(policy=SMTP)
        message["From"] = self._site.user if "@" in self._site.user else _NO_RETURN
        message["To"] = self._to
        message["Subject"] = line(f"[diagnose] {words.get('Verdict', '')} · {words.get('Run', '')}", 180)
        message["Date"] = format_datetime(mark.at)
        # One id for a verdict, and one thread for a run: mail programs show a newer report beneath the older.
        message["Message-ID"] = f"<{mark.run}.{mark.verdict}@diagnose.invalid>"
        message["References"] = f"<{mark.run}@diagnose.invalid>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text_of(note))
        message.add_alternative(html_of(note), subtype="html")
        if file:
            main, _, sub = file.media_type.partition("/")
            message.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name)
        for place, part in enumerate(part for part in message.walk() if part.is_multipart()):
            part.set_boundary(f"=_diagnose_{mark.run}{mark.verdict}_{place}")
        return message

    def _written(self, message: EmailMessage, note: Note, earlier: Found | None) -> str:
        folder = self._folder or Path()
        path = folder / f"{str(note.mark).replace(':', '.')}.{_slug(self._to)}.eml"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with whole_file(path) as out:
                out.write(message.as_bytes())
        except OSError as error:
            raise DeliveryError(f"{path} could not be written: {error.strerror or error}.") from error
        if earlier and earlier.id != path.name:
            self.drop(earlier)
        return str(path)

    def _post(self, message: EmailMessage) -> None:
        try:
            with self._connected() as server:
                server.send_message(message)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            said = self._site.scrubbed(_words(error.smtp_error))
            if error.smtp_code in (552, 523, 534):
                raise FileRefusedError(f"{self._site.host} takes no message of this size: {said}") from None
            raise DeliveryError(
                f"{self._site.host} refused the message ({error.smtp_code}): {said}"
            ) from None
        except smtplib.SMTPRecipientsRefused as error:
            said = "; ".join(_words(why) for _, why in error.recipients.values())
            raise DeliveryError(
                f"{self._site.host} does not know the address: {self._site.scrubbed(said)}"
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(
                f"{self._site.host} broke off ({type(error).__name__}); the message may have been sent."
            ) from None

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self._server()
        try:
            yield server
        finally:
            # What the server says to a good-bye changes nothing of what it took.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()

    def _server(self) -> smtplib.SMTP:
        """A signed-in connection; encrypted, unless it stays on this machine."""
        parts = urlsplit(self._site.url)
        host, near = parts.hostname or "", is_loopback(parts.hostname or "")
        context = self._context or ssl.create_default_context()
        try:
            server: smtplib.SMTP
            if parts.scheme == "smtps":
                server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=_TIME_OUT_S, context=context)
            else:
                server = smtplib.SMTP(host, parts.port or 25, timeout=_TIME_OUT_S)
                server.ehlo_or_helo_if_needed()
                if server.has_extn("starttls"):
                    server.starttls(context=context)
                elif not near:
                    server.close()
                    raise DeliveryError(
                        f"{self._site.host} offers no encryption; use smtps://, or a server that has STARTTLS."
                    )
            server.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(
                f"{self._site.host} cannot be reached as a mail server ({type(error).__name__}); check DIAGNOSE_EMAIL_URL."
            ) from None
        self._sign_in(server)
        return server

    def _sign_in(self, server: smtplib.SMTP) -> None:
        if not self._site.token:
            return
        try:
            server.login(self._site.user, self._site.token)
        except (smtplib.SMTPException, OSError):  # some servers hang up on a wrong password
            server.close()
            raise DeliveryError(
                f"{self._site.host} does not accept the credential; check DIAGNOSE_EMAIL_USER and _TOKEN."
            ) from None

    def _tell(self, message: EmailMessage) -> None:
        show = self._show or print
        show(shown(f"send by {self._site.url} to {self._to}"))
        for name, value in message.items():
            show(shown(f"    {name}: {value}"))
        for part in message.walk():
            if part.get_filename():
                size = len(part.get_payload(decode=True) or b"")
                show(shown(f"    file {part.get_filename()} ({size:,} bytes)"))
            elif part.get_content_type() == "text/plain":
                for each in str(part.get_content()).splitlines():
                    show(shown(f"    {each}"))


def _of_file(message_bytes: int) -> int:
    """What a file may have so that the message with it, in base64 and lines, has no more."""
    return max(0, message_bytes - _OVERHEAD) * 54 // 74 - 1


def _words(said: object) -> str:
    return line(said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said), 200)


def _path(url: str) -> Path:
    return Path(unquote(url.removeprefix("file:").removeprefix("//"))) if url.startswith("file:") else Path()


def _slug(address: str) -> str:
    return "".join(each if each.isalnum() and each.isascii() else "-" for each in address.lower())[:60]
