"""Where a ticket system is and who we are there: from the environment and from nowhere else, and never printed."""

import base64
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus, unquote, urlsplit

from diagnose.errors import UsageError

HIDDEN = "⟦credential⟧"
_PUBLIC = {"azure-devops": "https://dev.azure.com", "github": "https://api.github.com"}
"""Where they are unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Site:
    """`url` has no slash at its end; for e-mail and apprise it is an address that may itself be a secret."""

    kind: str
    url: str
    user: str = ""
    token: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """The host and, where it is told, the port: all of the address that is ever said."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def secrets(self) -> tuple[str, ...]:
        """The credential in every form in which a server may say it back to us."""
        pair = f"{self.user}:{self.token}"
        encoded = base64.b64encode(pair.encode()).decode()
        forms = (self.token, quote(self.token, safe=""), quote_plus(self.token), encoded)
        bare = base64.b64encode(f":{self.token}".encode()).decode()
        alone = base64.b64encode(self.token.encode()).decode()
        return tuple(sorted({each for each in (*forms, bare, alone) if len(each) > 3}, key=len, reverse=True))

    def scrubbed(self, text: str) -> str:
        """`text` without the credential."""
        for secret in self.secrets if self.token else ():
            text = text.replace(secret, HIDDEN)
        return text


def variable(kind: str, what: str) -> str:
    """`DIAGNOSE_AZURE_DEVOPS_URL` and the like."""
    return f"DIAGNOSE_{kind.upper().replace('-', '_')}_{what}"


def site_of(kind: str, environ: Mapping[str, str], *, rehearsal: bool = False) -> Site:
    """The site and the credential of a kind of ticket. A rehearsal needs neither. Raises `UsageError`."""
    told = environ.get(variable(kind, "URL"), "").strip() or _PUBLIC.get(kind, "")
    user, token = (environ.get(variable(kind, what), "").strip() for what in ("USER", "TOKEN"))
    if rehearsal:
        token = ""
    if not told:
        if not rehearsal:
            raise UsageError(f"{variable(kind, 'URL')} is not set; set it to the address of the site.")
        told = f"https://{variable(kind, 'URL')}.invalid"
    if not token and not rehearsal:
        raise UsageError(
            f"{variable(kind, 'TOKEN')} is not set; set it to a token that may write to the ticket."
        )
    if re.search(r"[^\x20-\x7e]", user + token):
        raise UsageError(
            f"{variable(kind, 'TOKEN')} or its _USER holds a character that no header can carry."
        )
    _check(told, variable(kind, "URL"))
    return Site(kind, told.rstrip("/"), user, token)


def _check(url: str, source: str) -> None:
    """Raises `UsageError` for an address that a credential must not be sent to. It is not said: it may hold one."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise UsageError(f"{source} is not an address; write https://HOST.") from None
    if parts.username is not None or parts.query or parts.fragment:
        raise UsageError(f"{source} holds more than an address; put the credential into _USER and _TOKEN.")
    if not host or not re.fullmatch(r"[!-~]+", url) or ".." in unquote(parts.path).split("/"):
        raise UsageError(f"{source} is not an address; write https://HOST.")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise UsageError(f"{source} is not encrypted; write https://HOST.")


def is_loopback(host: str) -> bool:
    """Whether a name means this very machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
