"""The one way out: every request of every client goes through here, is refused if it could change anything, and its answer is bounded."""

import io
import logging
import re
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import requests
from azure.core.pipeline.transport import RequestsTransport
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError

from diagnose.collect.azureml.clouds import Cloud, host_of

log = logging.getLogger(__name__)

ANSWER_BYTES = 32 << 20
"""No page of any listing is larger; a larger answer is cut off."""
CONNECTIONS = 16
"""Requests that are out at the same time, of all clients together."""
_CALLS_KEPT = 5_000
_SKEWS_KEPT = 999

READ_ONLY_POSTS = re.compile(
    r"/(?:rundata|batchrundata|runs:query|experiments:query|runs/[^/]+/(?:lastvalues|list|full)"
    r"|mlflow/(?:runs|experiments)/search|dataversion/batchGetResolvedUris)$"
    r"|^/v1/workspaces/[0-9a-fA-F-]{36}/query$"  # a query of Log Analytics, whose language cannot write
)
"""Questions that the service takes by POST because they have a body; no other POST leaves this program."""
SECRET_POSTS = re.compile(r"/datastores/[^/]+/listSecrets$", re.IGNORECASE)
"""Reading a key: only where the user said --use-datastore-secrets."""


@dataclass(frozen=True, slots=True)
class TimeOuts:
    """Seconds of one request: to be let in, of silence, and to the last byte (a drip of one byte a second ends there)."""

    connect_s: float = 5.0
    silence_s: float = 15.0
    answer_s: float = 30.0


class RefusedError(Exception):
    """A request that this program does not make; the message is the end of a sentence."""


class AnswerError(requests.exceptions.ChunkedEncodingError):
    """The body of an answer broke off; its text holds the word by which azure-core knows it for that."""

    def __init__(self, why: str) -> None:
        super().__init__(f"IncompleteRead: {why}")


@dataclass(frozen=True, slots=True)
class Call:
    """One request and what came of it. `seconds`: from the request to the last byte; `status` 0: no answer."""

    method: str
    host: str
    path: str
    status: int
    seconds: float
    bytes: int


class Clock:
    """The service's clock, from the `Date` headers of ARM and run history; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: datetime | None = None
        self._skews: deque[float] = deque(maxlen=_SKEWS_KEPT)

    def heard(self, date: str | None, sent: float, got: float) -> None:
        """One `Date` header, with this machine's time of the request and of the answer (seconds since 1970)."""
        try:
            at = parsedate_to_datetime(date or "")
        except (TypeError, ValueError):
            return
        if at.tzinfo is None:
            return
        with self._lock:
            self._latest = max(at, self._latest or at)
            self._skews.append(at.timestamp() + 0.5 - (sent + got) / 2)  # a header is cut to whole seconds

    @property
    def now(self) -> datetime | None:
        """The latest time that the service said, UTC."""
        with self._lock:
            return self._latest.astimezone(UTC) if self._latest else None

    @property
    def skew_s(self) -> float | None:
        """Service minus this machine, in seconds: the median, to a tenth."""
        with self._lock:
            ordered = sorted(self._skews)
        return round(ordered[len(ordered) // 2], 1) if ordered else None


class Wire:
    """The shared transport of all clients, with the log of what went over it."""

    def __init__(
        self,
        cloud: Cloud,
        *,
        may_read_secrets: bool = False,
        time_outs: TimeOuts | None = None,
        connections: int = CONNECTIONS,
    ) -> None:
        limits = time_outs or TimeOuts()
        self.cloud = cloud
        self.calls: deque[Call] = deque(maxlen=_CALLS_KEPT)
        """The last of them; a scan makes too many to keep."""
        self.counts: Counter[str] = Counter()
        """All of them, by what was asked: `arm`, `data` (run history, metrics, MLflow), `storage`."""
        self.heard: Callable[[str, int, Mapping[str, str]], None] = lambda *_: None
        """Hears of every answer: its host, its status and its headers."""
        self.clock = Clock()
        self._lock = threading.Lock()
        self._posts = (READ_ONLY_POSTS, SECRET_POSTS) if may_read_secrets else (READ_ONLY_POSTS,)
        self._session = requests.Session()  # which heeds HTTPS_PROXY, NO_PROXY and REQUESTS_CA_BUNDLE
        bounded = _Bounded(self._may_leave, self._came_back, limits.answer_s, connections)
        self._session.mount("https://", bounded)
        self._session.mount("http://", _Refused())
        self.transport = _transport(self._session, limits)

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def kind_of(self, host: str) -> str:
        """Which of the three services answers at a host."""
        if host == self.cloud.arm:
            return "arm"
        return "storage" if self.cloud.is_storage(host) else "data"

    def _may_leave(self, request: requests.PreparedRequest) -> None:
        """Raises RefusedError for what could change something, or would tell a stranger who we are."""
        parts = urlsplit(request.url or "")
        host = (parts.hostname or "").lower()
        if not self.cloud.trusts(host) or host_of(request.url or "") != host:  # another port is another host
            raise RefusedError(f"{host[:100] or 'it'} is no host of {self.cloud.name}, so it was not asked")
        method = request.method or ""
        if method in ("GET", "HEAD"):
            return
        if method == "POST" and any(pattern.search(parts.path) for pattern in self._posts):
            return
        raise RefusedError(f"{method} {parts.path[-80:]} is no read-only request, so it was not made")

    def _came_back(self, call: Call, answer: requests.Response | None, sent: float) -> None:
        self.calls.append(call)
        with self._lock:
            self.counts[self.kind_of(call.host)] += 1
        if answer is not None:
            self.heard(call.host, call.status, answer.headers)
        log.debug("%s %s%s: %s, %.2f s", call.method, call.host, call.path, call.status, call.seconds)
        if answer is not None and not self.cloud.is_storage(call.host):
            self.clock.heard(answer.headers.get("Date"), sent, sent + call.seconds)


def sign_in_transport(time_outs: TimeOuts) -> RequestsTransport:
    """A transport for azure-identity, which knows by itself whom to ask: only its answers are bounded."""
    session = requests.Session()
    session.mount("https://", _Bounded(lambda _: None, lambda *_: None, time_outs.answer_s))
    return _transport(session, time_outs)


def _transport(session: requests.Session, time_outs: TimeOuts) -> RequestsTransport:
    return RequestsTransport(
        session=session,
        session_owner=False,
        connection_timeout=time_outs.connect_s,
        read_timeout=time_outs.silence_s,
    )


class _Refused(HTTPAdapter):
    """Plain HTTP carries no token and brings no evidence."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        host = urlsplit(request.url or "").hostname
        raise RefusedError(f"{host} would be asked without encryption, so it was not asked")


class _Bounded(HTTPAdapter):
    """Reads each answer to its end at once: within its time, and no further than was asked for."""

    def __init__(
        self,
        may_leave: Callable[[requests.PreparedRequest], None],
        came_back: Callable[[Call, requests.Response | None, float], None],
        answer_s: float,
        connections: int = CONNECTIONS,
    ) -> None:
        self._may_leave, self._came_back, self._answer_s = may_leave, came_back, answer_s
        self._slots = threading.BoundedSemaphore(connections)
        super().__init__(pool_maxsize=connections, max_retries=0)

    def send(  # noqa: PLR0913, PLR0917  (the signature is the library's)
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002  (every answer is read as a stream, and here)
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The answer with its body in memory; raises what `requests` raises, so that azure-core knows it."""
        self._may_leave(request)
        hand_over = partial(super().send, request, True, timeout, verify, cert, dict(proxies or {}))
        with self._slots:
            return self._sent(request, hand_over)

    def _sent(
        self, request: requests.PreparedRequest, hand_over: Callable[[], requests.Response]
    ) -> requests.Response:
        sent, started = time.time(), time.monotonic()
        answer, body = None, b""
        try:
            answer = _answered(hand_over)
            body = _read(request, answer, started + self._answer_s)
        finally:
            parts = urlsplit(request.url or "")
            seconds, status = time.monotonic() - started, answer.status_code if answer is not None else 0
            call = Call(request.method or "", parts.hostname or "", parts.path, status, seconds, len(body))
            self._came_back(call, answer, sent)
        answer.raw = _Body(body)
        return answer


def _answered(hand_over: Callable[[], requests.Response]) -> requests.Response:
    try:
        return hand_over()
    except requests.RequestException:
        raise
    except OSError as error:  # not of the network: requests has its own for that
        why = f"a file that the connection needs cannot be read ({error}); check REQUESTS_CA_BUNDLE"
        raise RefusedError(why) from error


class _Body(io.BytesIO):
    """A body that was read already, for clients that believe they are reading it."""

    enforce_content_length = True


_RANGE = re.compile(r"bytes=(?P<first>\d+)-(?P<last>\d+)$")
_CONTENT_RANGE = re.compile(r"bytes (?P<first>\d+)-(?P<last>\d+)/(?P<total>\d+|\*)$")


def _read(request: requests.PreparedRequest, answer: requests.Response, until: float) -> bytes:
    """The body; raises AnswerError when it is not what was asked for, ReadTimeout when it takes too long."""
    asked = _RANGE.match(str(request.headers.get("x-ms-range") or request.headers.get("Range") or ""))
    limit = int(asked["last"]) - int(asked["first"]) + 1 if asked else ANSWER_BYTES
    if asked and answer.status_code == 200 and not _is_short(answer, limit):
        answer.close()
        raise RefusedError("the server sent the whole file where a part was asked for, so it was not read")
    if answer.status_code >= 400:
        asked, limit = None, ANSWER_BYTES
    try:
        body = _pieces(answer, limit, until, decode=asked is None)
    except BaseException:
        answer.raw.close()  # half of an answer is left in it: this connection serves nobody else
        raise
    if asked and request.method == "GET":
        _check_range(answer, int(asked["first"]), limit, len(body))
    return body


def _pieces(answer: requests.Response, limit: int, until: float, *, decode: bool) -> bytes:
    pieces, size = list[bytes](), 0
    try:
        while piece := answer.raw.read1(1 << 20, decode_content=decode):
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                raise AnswerError(f"more than {limit:,} bytes came")
            if time.monotonic() > until:
                raise requests.exceptions.ReadTimeout("the answer took too long")
    except ReadTimeoutError as error:
        raise requests.exceptions.ReadTimeout(error) from error
    except HTTPError as error:
        raise AnswerError(type(error).__name__) from error
    return b"".join(pieces)


def _is_short(answer: requests.Response, limit: int) -> bool:
    """Whether the whole file is no more than was asked for, so that nothing is lost by taking it."""
    length = answer.headers.get("Content-Length", "")
    return length.isdecimal() and int(length) <= limit


def _check_range(answer: requests.Response, first: int, asked: int, got: int) -> None:
    """A short or shifted 206 is no success, whatever its status says."""
    if answer.status_code != 206:
        return
    said = _CONTENT_RANGE.match(answer.headers.get("Content-Range", ""))
    if said is None:
        raise AnswerError("the answer does not say which part of the file it is")
    expected = asked if said["total"] == "*" else min(asked, int(said["total"]) - first)
    if int(said["first"]) != first or got != expected:
        raise AnswerError(f"{got:,} of {expected:,} bytes came")
