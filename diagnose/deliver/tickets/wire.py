"""HTTP to a ticket system: bounded in time and size, to one host only, repeated where that is safe, silent about credentials."""

import io
import json
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError, NewConnectionError

from diagnose.deliver.tickets.calls import Reply, Request
from diagnose.deliver.tickets.sink import DeliveryError, FileRefusedError, UncertainError
from diagnose.deliver.tickets.site import Site, is_loopback, variable
from diagnose.report.visible import line
from diagnose.version import __version__

log = logging.getLogger(__name__)

ANSWER_BYTES = 8 << 20
TRIES = 3
_WAIT_S = 30.0
"""No `Retry-After` is waited for longer."""
_AGAIN = frozenset({429, 502, 503, 504})
_SAFE = frozenset({"GET", "PUT", "DELETE"})
_REDIRECTS = 3
_HARMLESS = "attach it again later, which does no harm"


@dataclass(frozen=True, slots=True)
class TimeOuts:
    """Seconds: to be let in, of silence, to the last byte of an answer, and for sending a file of many megabytes."""

    connect_s: float = 5.0
    silence_s: float = 20.0
    answer_s: float = 40.0
    sending_s: float = 180.0


class _SignIn(requests.auth.AuthBase):
    """One header; being given at all it also keeps `requests` from reading ~/.netrc."""

    def __init__(self, name: str, value: str) -> None:
        self._name, self._value = name, value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers[self._name] = self._value
        return request


class Wire:
    """The calls to one site. `header`: the name and value that sign in."""

    def __init__(
        self,
        site: Site,
        header: tuple[str, str],
        time_outs: TimeOuts | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._site, self._sign_in = site, _SignIn(*header)
        self._limits, self._pause = time_outs or TimeOuts(), pause
        self._session = requests.Session()  # which heeds HTTPS_PROXY, NO_PROXY and REQUESTS_CA_BUNDLE
        if is_loopback(urlsplit(site.url).hostname or ""):
            self._session.trust_env = False  # no proxy stands between this machine and itself

    def __call__(self, request: Request, allow: Sequence[int] = ()) -> Reply:
        for attempt in range(1, TRIES + 1):
            last = attempt == TRIES
            try:
                reply = self._followed(request)
            except UncertainError:
                if last or request.method not in _SAFE:
                    raise
                self._pause(attempt)
                continue
            again = reply.status in _AGAIN and (request.method in _SAFE or reply.status == 429)
            if reply.status in allow or reply.status < 300:
                return reply
            if last or not again:
                raise self._refusal(request, reply)
            self._pause(_wait(reply.headers.get("Retry-After"), attempt))
        raise AssertionError  # the last attempt returns or raises

    def _followed(self, request: Request) -> Reply:
        """The answer, a question being asked anew where the same host sends it on; nothing follows to another host."""
        url = self._site.url + request.target
        for _ in range(_REDIRECTS + 1):
            reply = self._sent(request, url)
            if reply.status not in (301, 302, 303, 307, 308):
                return reply
            there = urljoin(url, reply.headers.get("Location", ""))
            if request.method != "GET" or not _same_origin(there, url):
                raise DeliveryError(
                    f"{self._site.host} sends us on to another address, which was not followed; "
                    f"check {variable(self._site.kind, 'URL')}, and whether a sign-in page or a proxy answers there."
                )
            url = there
        raise DeliveryError(f"{self._site.host} sends us round in a circle; check the address.")

    def _sent(self, request: Request, url: str) -> Reply:
        started = time.monotonic()
        status = 0
        try:
            status, headers, body = self._exchanged(request, url)
        except requests.exceptions.SSLError:
            raise DeliveryError(
                f"The certificate of {self._site.host} is not trusted here; set REQUESTS_CA_BUNDLE if it is your own."
            ) from None
        except requests.exceptions.ConnectTimeout:
            raise DeliveryError(f"{self._site.host} did not let us in in time; check the address.") from None
        except (requests.RequestException, HTTPError, OSError) as error:
            raise self._lost(error) from None  # its text and its request hold more than may be said
        finally:
            # The query may hold the words of a filter but never a credential: that is in a header.
            log.debug("%s %s%s: %d, %.2f s", request.method, self._site.host, urlsplit(url).path, status, time.monotonic() - started)  # fmt: skip
        return Reply(status, self._json(request, status, headers, body), headers)

    def _exchanged(self, request: Request, url: str) -> tuple[int, Mapping[str, str], bytes]:
        limits = self._limits
        body = None if request.body is None else _Paced(request.body, time.monotonic() + limits.sending_s)
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": f"azureml-diagnose/{__version__}",
            **request.headers,
        }
        with self._session.request(
            request.method,
            url,
            data=body,
            headers=headers,
            auth=self._sign_in,
            timeout=(limits.connect_s, limits.silence_s),
            allow_redirects=False,
            stream=True,
        ) as answer:
            return answer.status_code, answer.headers, _read(answer, time.monotonic() + limits.answer_s)

    def _lost(self, error: Exception) -> DeliveryError:
        why = "did not answer in time" if isinstance(error, requests.Timeout) else "broke the connection off"
        # Nothing was sent when no connection came about, so there is nothing to look for.
        if isinstance(getattr(next(iter(error.args), None), "reason", None), NewConnectionError):
            return DeliveryError(f"{self._site.host} cannot be reached; check the address and the network.")
        return UncertainError(f"{self._site.host} {why}; {_HARMLESS}.")

    def _json(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> Any:
        """The body as JSON. What is no JSON where JSON was asked for is a portal's page, or a proxy's."""
        if not body.strip():
            return None
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            if status >= 300:
                return None
        kind = line(headers.get("Content-Type", "something unnamed"), 60)
        raise DeliveryError(
            f"{self._site.host} answered {request.method} with {kind} and not as {self._site.kind} does; "
            f"check {variable(self._site.kind, 'URL')} and its token: a sign-in page or a proxy may answer there."
        )

    def _refusal(self, request: Request, reply: Reply) -> DeliveryError:
        said = self._site.scrubbed(_said(reply.json))
        told = f" It says: {line(said, 300)}" if said else ""
        host, kind = self._site.host, self._site.kind
        if reply.status in (413, 415):
            return FileRefusedError(f"{host} does not take a file of this size or kind.{told}")
        if reply.status >= 500 and request.method != "GET":
            return UncertainError(f"{host} failed with {reply.status}; {_HARMLESS}.{told}")
        why = {
            401: f"{host} does not accept the credential; check {variable(kind, 'TOKEN')} and its _USER.",
            403: f"{host} does not allow this; the token needs the right to comment and to attach files.",
            404: f"{host} knows no such ticket, or does not show it to this token; check both.",
            429: f"{host} takes no more for now; attach it again later.",
        }.get(reply.status, f"{host} refused {request.method} with {reply.status}.")
        return DeliveryError(why + told)


class _Paced(io.BytesIO):
    """A body that is sent in pieces, until its time is up."""

    def __init__(self, data: bytes, until: float) -> None:
        super().__init__(data)
        self._until, self._size = until, len(data)

    def __len__(self) -> int:
        return self._size

    def __bool__(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        if time.monotonic() > self._until:
            raise requests.exceptions.Timeout("sending took too long")
        return super().read(size)


def _read(answer: requests.Response, until: float) -> bytes:
    pieces, size = list[bytes](), 0
    while piece := answer.raw.read1(1 << 16, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if size > ANSWER_BYTES:
            raise requests.exceptions.ContentDecodingError("the answer is too large")
        if time.monotonic() > until:
            raise requests.exceptions.ReadTimeout("the answer took too long")
    return b"".join(pieces)


def _wait(told: str | None, attempt: int) -> float:
    """Seconds to wait: what the service says, in seconds or as a date, within bounds; else a little longer each time."""
    said = (told or "").strip()
    if re.fullmatch(r"\d{1,9}", said):
        return min(float(said), _WAIT_S)
    try:
        at = parsedate_to_datetime(said)
        return min(max((at - datetime.now(UTC)).total_seconds(), 0.0), _WAIT_S)
    except (TypeError, ValueError, OverflowError):
        return float(attempt * 2)


def _same_origin(one: str, other: str) -> bool:
    try:
        return urlsplit(one)[:2] == urlsplit(other)[:2]
    except ValueError:
        return False


def _said(answer: Any) -> str:
    """The sentence of an error answer, wherever these systems put it."""
    if isinstance(answer, str):
        return answer
    if isinstance(answer, Sequence):
        return " ".join(filter(None, map(_said, answer[:5])))
    if isinstance(answer, Mapping):
        keys = ("message", "errorMessages", "errors", "error", "detail", "msg")
        return " ".join(dict.fromkeys(filter(None, (_said(answer.get(key)) for key in keys))))
    return ""
