"""Signing in: one token a scope, fetched once however many clients ask at the same moment."""

import math
import re
import threading
import time
from collections.abc import Callable
from typing import Any

from azure.core.credentials import AccessTokenInfo, TokenRequestOptions
from azure.core.exceptions import AzureError

from diagnose.collect.azureml.clouds import Cloud
from diagnose.collect.azureml.gaps import CollectError
from diagnose.collect.azureml.wire import TimeOuts, sign_in_transport

_ABOUT_TO_END_S = 120
_RENEWED_S = 2.0
"""Within so many seconds a second refusal speaks of the token before the renewal."""
_ATTEMPTS = 3
_PAUSE_S = 0.2
_PATIENCE_S = 15.0
"""Seconds after which no further attempt is begun."""
_PASSING = re.compile(
    r"connection|unable to connect|reset|aborted|timed out|temporarily|\b(?:429|50[0-4])\b|invalid json|unexpected",
    re.IGNORECASE,
)
"""Words of trouble on the way to the sign-in service; a refusal has none of them."""


class SignInError(CollectError):
    """Nobody could be signed in."""


class Tokens:
    """A credential in front of another: `az` is spawned, or the identity end point asked, once a scope.

    Clients ask for a token for every request, some for every row; `AzureCliCredential` starts a process each time.
    """

    def __init__(self, credential: Any, renew: Callable[[], Any] | None = None) -> None:
        self._credential, self._renew = credential, renew
        self._renewed_at = -math.inf
        self._locks: dict[tuple[str, ...], threading.Lock] = {}
        self._lock = threading.Lock()
        self._tokens: dict[tuple[str, ...], AccessTokenInfo] = {}
        self.fetched = 0
        """How many tokens were really fetched."""

    def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
        """The token for these scopes; raises SignInError when none is to be had."""
        with self._lock:
            lock = self._locks.setdefault(scopes, threading.Lock())
        with lock:
            token = self._tokens.get(scopes)
            # An answer with a challenge asks for a token that meets it; no kept one does.
            challenged = bool(options and options.get("claims"))
            if token is None or challenged or token.expires_on - time.time() < _ABOUT_TO_END_S:
                token = self._fetch(scopes, options)
                self._tokens[scopes] = token
            return token

    def get_token(self, *scopes: str, **kwargs: Any) -> Any:
        """The same, for clients of the older protocol."""
        from azure.core.credentials import AccessToken  # noqa: PLC0415  (only here)

        claims = kwargs.get("claims")
        token = self.get_token_info(*scopes, options={"claims": claims} if claims else None)
        return AccessToken(token.token, token.expires_on)

    def forget(self) -> None:
        """A service refused a token: the next one who asks gets a new one, from a credential that has none left either.

        Several who were refused at once are helped by one renewal.
        """
        with self._lock:
            if time.monotonic() - self._renewed_at < _RENEWED_S:
                return
            self._renewed_at = time.monotonic()
            self._tokens.clear()
            if self._renew:
                self._credential = self._renew()

    def _fetch(self, scopes: tuple[str, ...], options: TokenRequestOptions | None) -> AccessTokenInfo:
        began = time.monotonic()
        for attempt in range(1, _ATTEMPTS + 1):
            self.fetched += 1
            try:
                return _ask(self._credential, scopes, options)
            except (AzureError, ValueError) as error:
                late = attempt == _ATTEMPTS or time.monotonic() - began > _PATIENCE_S
                if late or not _PASSING.search(str(error)):
                    raise SignInError(_sentence(error)) from error
                time.sleep(_PAUSE_S * attempt)
        raise AssertionError("the last attempt returns or raises")


def _ask(credential: Any, scopes: tuple[str, ...], options: TokenRequestOptions | None) -> AccessTokenInfo:
    if hasattr(credential, "get_token_info"):
        token = credential.get_token_info(*scopes, options=options or {})
        return AccessTokenInfo(token.token, token.expires_on)
    token = credential.get_token(*scopes, **(options or {}))
    return AccessTokenInfo(token.token, token.expires_on)


def default_credential(cloud: Cloud, time_outs: TimeOuts) -> Tokens:
    """Whoever is signed in here: environment, managed identity, `az login` and so on, in the order of azure-identity.

    Raises SignInError where a setting for it makes no sense.
    """
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415  (0.2 s, and only for a live run)

    def made() -> DefaultAzureCredential:
        return DefaultAzureCredential(
            authority=cloud.authority,
            retry_total=0,  # the library would sleep through any Retry-After, were it an hour
            transport=sign_in_transport(time_outs),
            process_timeout=20,
        )

    try:
        return Tokens(made(), made)
    except ValueError as error:
        raise SignInError(
            f"A setting for signing in to Azure makes no sense: {_short(str(error))}; {_HINT}."
        ) from error


_HINT = "try az login, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"
_WAY = re.compile(r"^\s+(?P<name>[A-Za-z]+): (?P<text>\S.*)", re.MULTILINE)
_NOT_TRIED = re.compile(
    "unavailable|not found|not be found|not installed|requires the|No accounts|Please run|az login",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"AADSTS[0-9]+: [^.\n]{1,200}")
_UNREACHED = re.compile("connection|unable to connect|getaddrinfo|timed out|resolve", re.IGNORECASE)


def _sentence(error: Exception) -> str:
    """azure-identity tells of every way that it tried, on a page of text; the ways that nobody set up do not matter."""
    text = str(error)
    if refused := _REFUSED.search(text):
        return f"Signing in to Azure was refused ({refused[0]}); check who is signed in, or {_HINT}."
    ways = [way for way in _WAY.finditer(text) if not _NOT_TRIED.search(way["text"])]
    if not ways:
        return f"Nobody is signed in to Azure; {_HINT}."
    way = ways[0]
    if _UNREACHED.search(way["text"]):
        return f"Azure's sign-in service could not be reached ({way['name']}); check the network and HTTPS_PROXY."
    return f"Signing in to Azure failed ({way['name']}: {_short(way['text'])}); {_HINT}."


def _short(text: str) -> str:
    """The first line without anything that is as long and as wordless as a token."""
    return re.sub(r"[A-Za-z0-9_+/=.~-]{40,}", "…", text.splitlines()[0])[:200].rstrip(".")
