"""What was asked, what is answered, and where both are written down."""

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

JSON = "application/json; charset=utf-8"
XML = "application/xml"


@dataclass
class Request:
    """A request as it came; `resource` and `dialect` are known once it has been routed."""

    method: str
    host: str
    target: str
    headers: Any
    body: bytes = b""
    resource: str = "unknown"
    dialect: str = "history"
    workspace: Any = None
    date: Any = None

    @property
    def path(self):
        return unquote(urlsplit(self.target).path)

    @property
    def query(self):
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def url(self):
        return f"https://{self.host}{self.target}"

    @property
    def document(self):
        """The body as JSON, an empty object when there is none."""
        try:
            return json.loads(self.body or b"{}") or {}
        except ValueError:
            return {}


@dataclass
class Answer:
    """An answer; a body too large to hold is an iterator with its length beside it."""

    status: int = 200
    headers: dict = field(default_factory=dict)
    body: bytes | Iterator = b""
    length: int | None = None

    @property
    def document(self):
        """The body as JSON."""
        return json.loads(self.body)

    def whole(self):
        """The same with its body in memory."""
        if not isinstance(self.body, bytes):
            self.body = b"".join(self.body)
        return self


def answer(document, status=200, **headers):
    """A JSON answer; NaN and Infinity go out bare, as some services send them."""
    spelled = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = "error" if status >= 400 else "standard"
    known = {"Content-Type": JSON, "Cache-Control": "no-cache", "x-ms-response-type": kind}
    known["x-ms-request-id"] = str(uuid.uuid4())
    return Answer(status, {**known, **spelled}, json.dumps(document).encode())


@dataclass
class Logged:
    """One line of the request log. It is written before the answer goes out, so that a client finds it there."""

    method: str
    host: str
    path: str
    query: dict
    status: int | None
    """None when the client got no whole answer."""
    seconds: float
    authorized: bool
    """Whether an Authorization header was there."""
    resource: str
    body: bytes = b""
    at: float = field(default_factory=time.time)
    """When it was answered, in real seconds."""
