"""How often and how long anything is asked for: one policy for all clients, in place of the many of their own.

What the clients do by themselves was measured (azure-core 1.41, azure-storage-blob 12.31): 429 is never repeated on
blobs, `Retry-After: 3600` is slept through, a POST that broke off is given up, a dead host is waited for ten minutes.
"""

import json
import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Protocol, TypeVar

from azure.core.exceptions import (
    AzureError,
    DecodeError,
    DeserializationError,
    HttpResponseError,
    ServiceRequestError,
    ServiceRequestTimeoutError,
    ServiceResponseTimeoutError,
)

from diagnose.collect.azureml.gaps import BLOB_READER, READER, Gap, GapError
from diagnose.collect.azureml.sign_in import SignInError
from diagnose.collect.azureml.threads import start
from diagnose.collect.azureml.wire import RefusedError
from diagnose.evidence.bundle import PartState

log = logging.getLogger(__name__)
T = TypeVar("T")

RESOURCE_S = 60.0
"""What one resource may take, all attempts and pauses together."""
RUN_S = 300.0
"""What one run may take."""
RETRY_AFTER_MAX_S = 30.0
"""A service that asks for a longer pause is not waited for."""
_ATTEMPTS = 4
_PASSING = frozenset({408, 429, 500, 502, 503, 504})


class UnreadableError(Exception):
    """An answer that came whole and is not what the service sends: no JSON, no object, a page of some proxy."""


class Pace(Protocol):
    """Who says when the next request may be made, so that a service need not refuse it."""

    def wait(self, host: str) -> float:
        """Waits until a request to `host` is within its budget; seconds that it took."""

    def heard(self, host: str, status: int, headers: Mapping[str, str]) -> None:
        """What an answer tells of the budget that is left."""


class Unpaced:
    """One run alone stays within every budget."""

    def wait(self, host: str) -> float:  # noqa: ARG002  (a pace wants it)
        """No wait."""
        return 0.0

    def heard(self, host: str, status: int, headers: Mapping[str, str]) -> None:
        """Nothing is made of it."""


@dataclass
class Patience:
    """The time that one run may take, and what was learnt about the services on the way; thread-safe.

    `pause_s` is the first pause between two attempts; each next one may be twice as long.
    """

    run_s: float = RUN_S
    resource_s: float = RESOURCE_S
    pause_s: float = 0.5
    forget_token: Callable[[], None] = lambda: None
    pace: Pace = field(default_factory=Unpaced)
    _until: float = 0.0
    _dead: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _held_until: dict[str, float] = field(default_factory=dict)
    _stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._until = time.monotonic() + self.run_s

    @property
    def left_s(self) -> float:
        """Seconds that the run may still take."""
        return max(0.0, self._until - time.monotonic())

    def stop(self) -> None:
        """Somebody interrupted: no further attempt is made, and no pause is slept through."""
        self._stopped.set()

    def ask(self, what: str, host: str, attempt: Callable[[], T]) -> T:
        """What `attempt` returns, at the latest after the time of one resource.

        `what` names it in the report, `host` is asked. Raises GapError when it is not to be had.
        """
        until = min(time.monotonic() + self.resource_s, self._until)
        renewed = False
        number = attempts = 0
        while True:
            self._check(what, host, attempts, until)
            until += self._paced(host)
            number, attempts = number + 1, attempts + 1
            try:
                return self._bounded(attempt, until)
            except GapError:
                raise
            except SignInError as error:  # for this service: whether anybody is signed in was asked first
                gap = Gap(what, PartState.DENIED, str(error).rstrip("."), attempts=attempts)
                raise GapError(gap) from error
            except (AzureError, RefusedError, UnreadableError, DeserializationError, ValueError) as error:
                gap = _gap(what, host, error, attempts)
                if gap.status == 401 and not renewed:
                    renewed = True
                    self.forget_token()
                    number -= 1  # the token was at fault and not the attempt
                    continue
                self._learn(host, error, number)
                pause = self._pause(host, error, gap, number)
                if pause is None or number >= _ATTEMPTS or time.monotonic() + pause > until:
                    raise GapError(gap) from error
                log.debug("%s: %s; again in %.1f s", what, gap.reason, pause)
                self._stopped.wait(pause)

    def _paced(self, host: str) -> float:
        """Seconds that were waited for the budget; they are taken off nobody's time."""
        waited = self.pace.wait(host)
        if waited:
            with self._lock:
                self._until += waited
        return waited

    def _bounded(self, attempt: Callable[[], T], until: float) -> T:
        """What `attempt` returns; it is left to itself when its time is over, wherever it hangs."""
        try:
            return start(attempt).result(timeout=max(0.1, until - time.monotonic()))
        except FutureTimeoutError as error:
            raise ServiceResponseTimeoutError("the time is over") from error

    def _check(self, what: str, host: str, attempts: int, until: float) -> None:
        """Raises GapError where no further attempt is to be made; waits where the service asked to be left alone."""
        for wait in (self._held_until.get(host, 0.0) - time.monotonic(), 0.0):
            if why := self._why_not(host, until):
                passing = not self._stopped.is_set()
                raise GapError(Gap(what, PartState.FAILED, why, attempts=attempts, passing=passing))
            if wait > 0:
                self._stopped.wait(min(wait, max(0.0, until - time.monotonic())))

    def _why_not(self, host: str, until: float) -> str | None:
        if self._stopped.is_set():
            return "the capture was interrupted"
        if time.monotonic() >= self._until:
            return f"the time for one run, {self.run_s:.0f} s, was used up"
        if time.monotonic() >= until:
            return f"it was not answered within {self.resource_s:.0f} s"
        return self._dead.get(host)

    def _learn(self, host: str, error: Exception, number: int) -> None:
        """A host that cannot be connected to is not tried again for every other resource."""
        if isinstance(error, ServiceRequestError) and number > 1:
            with self._lock:
                self._dead[host] = f"{host} could not be reached ({_kind(error)})"

    def _pause(self, host: str, error: Exception, gap: Gap, number: int) -> float | None:
        """Seconds until the next attempt; None where there is no sense in one."""
        if not _may_pass(error, gap, number):
            return None
        asked = _retry_after(error)
        if asked is not None:
            if asked > RETRY_AFTER_MAX_S:
                return None
            with self._lock:
                self._held_until[host] = time.monotonic() + asked
            return asked
        return random.uniform(0.5, 1.0) * self.pause_s * 2.0 ** (number - 1)  # noqa: S311  (spreads load, guards nothing)


def _may_pass(error: Exception, gap: Gap, number: int) -> bool:
    if isinstance(error, RefusedError):
        return False
    if gap.status is not None and not isinstance(error, DecodeError):
        return gap.status in _PASSING
    if isinstance(error, (ServiceRequestTimeoutError, ServiceResponseTimeoutError)):
        return number < 2  # each costs its whole time-out
    if isinstance(error, (UnreadableError, DecodeError, DeserializationError, ValueError)):
        return number < 3
    return isinstance(error, AzureError)


def _retry_after(error: Exception) -> float | None:
    """Seconds that the service asks to wait; None when it does not say, or not in words that anyone understands."""
    response = getattr(error, "response", None)
    said: str | None = response.headers.get("Retry-After") if response is not None else None
    if not said:
        return None
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        seconds: float = parsedate_to_datetime(said).timestamp() - time.time()
        return max(0.0, seconds)
    except (TypeError, ValueError):
        return None


def _gap(what: str, host: str, error: Exception, attempts: int) -> Gap:
    status = getattr(error, "status_code", None)
    if (
        isinstance(status, int)
        and not isinstance(error, (DecodeError, DeserializationError))
        and status >= 400
    ):
        return _told(what, host, error, status, attempts)
    state = PartState.FAILED
    if isinstance(error, (RefusedError, UnreadableError)):
        return Gap(what, state, str(error), attempts=attempts)
    if isinstance(error, (DecodeError, DeserializationError, ValueError)) and not _broke_off(error):
        return Gap(what, state, f"{host} sent an answer that cannot be read", attempts=attempts)
    return Gap(what, state, f"{host} {_kind(error)}", attempts=attempts, passing=True)


def _kind(error: Exception) -> str:
    if isinstance(error, ServiceRequestTimeoutError):
        return "did not accept a connection in time"
    if isinstance(error, ServiceResponseTimeoutError):
        return "did not answer in time"
    if isinstance(error, ServiceRequestError):
        return "did not accept a connection"
    return "broke the connection off"


def _broke_off(error: Exception) -> bool:
    return "IncompleteRead" in str(error)


def _told(what: str, host: str, error: Exception, status: int, attempts: int) -> Gap:
    """A gap in the words of the service: its status, its code, and for 403 the role that is missing."""
    response = getattr(error, "response", None)
    headers = response.headers if response is not None else {}
    code = headers.get("x-ms-error-code") or _code(error)
    state, why = PartState.FAILED, f"{host} answered {status}"
    if status in (401, 403):
        state, why = PartState.DENIED, f"{status} {_denied(host, status, code)}"
    elif status == 404:
        state, why = PartState.GONE, "404, it is not there (any more)"
    elif status == 429:
        asked = _retry_after(error)
        why = f"{host} asks for fewer requests (429)" + (f", and to wait {asked:.0f} s" if asked else "")
    elif code:
        why = f"{host} answered {status} {code[:80]}"
    request_id = headers.get("x-ms-request-id")
    return Gap(
        what,
        state,
        why,
        status,
        code[:80] if code else None,
        request_id and request_id[:80],
        attempts,
        passing=status in _PASSING,
    )


def _denied(host: str, status: int, code: str | None) -> str:
    if status == 401:
        return "the sign-in was not accepted, also after a new one; sign in again"
    if code == "AuthorizationFailure":
        return "AuthorizationFailure: a firewall or private end point of the storage account keeps this machine out"
    if code == "KeyBasedAuthenticationNotPermitted":
        return f"{code}: the storage account takes no keys or signatures; the role {BLOB_READER} is needed"
    role = BLOB_READER if ".blob." in host else READER
    return f"{code or 'Forbidden'}: the role {role} is missing"


def _code(error: Exception) -> str | None:
    """The innermost code of an error of ARM or of run history, or what azure-core made of it."""
    if not isinstance(error, HttpResponseError):
        return None
    known = getattr(error, "error_code", None)  # storage's own
    if known:
        return str(getattr(known, "value", known))
    try:
        body = json.loads(error.response.text()) if error.response is not None else None
    except (ValueError, AttributeError, RecursionError):
        return None
    return (
        _innermost(body["error"]) if isinstance(body, dict) and isinstance(body.get("error"), dict) else None
    )


_ANY = frozenset({"UserError", "ServiceError", "AzureError"})
"""Codes that only say whose fault it was."""


def _innermost(error: dict[str, object]) -> str | None:
    code, inner = error.get("code"), error.get("innerError")
    if isinstance(code, str) and code not in _ANY:
        return code
    return _innermost(inner) if isinstance(inner, dict) else None
