"""Calls to a ticket system, as values: what is asked, what is answered, and how one signs in. Nothing is sent here."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from diagnose.deliver.tickets.site import Site


@dataclass(frozen=True, slots=True)
class Reply:
    """What the system answered: its status, its headers, and its body as JSON (None where there is none)."""

    status: int
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """One call, without its credential. `path` is below the site's address and already quoted."""

    method: str
    path: str
    params: Sequence[tuple[str, str]] = ()
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """The path with its query."""
        query = urlencode(self.params, quote_via=quote)
        return self.path + (f"?{query}" if query else "")


class Caller(Protocol):
    """Makes the calls, or, in a rehearsal, shows them. Raises `DeliveryError`; statuses in `allow` are answers too."""

    def __call__(self, request: Request, allow: Sequence[int] = ()) -> Reply: ...


def as_json(method: str, path: str, value: Any, media: str = "application/json", params: Sequence[tuple[str, str]] = ()) -> Request:  # fmt: skip
    """A call with a JSON body."""
    body = json.dumps(value, ensure_ascii=True).encode()
    return Request(method, path, params, body, {"Content-Type": media})


def segment(text: str) -> str:
    """`text` as one piece of a path."""
    return quote(text, safe="")


def basic(site: Site) -> tuple[str, str]:
    """The header of a user and a password; the user may be empty."""
    pair = base64.b64encode(f"{site.user}:{site.token}".encode()).decode()
    return "Authorization", f"Basic {pair}"


def bearer(site: Site) -> tuple[str, str]:
    """The header of a token that speaks for itself."""
    return "Authorization", f"Bearer {site.token}"


def multipart(name: str, file_name: str, media_type: str, data: bytes, boundary: str) -> bytes:
    """One file as a form with one field. The names are ours and hold nothing that needs quoting."""
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        f"Content-Type: {media_type}\r\n\r\n"
    )
    return head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
