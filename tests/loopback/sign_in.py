"""The sign-in service, and who has a token that is still good."""

import base64
import json
import threading
import time
import uuid
from urllib.parse import parse_qs

from . import errors
from .answers import answer
from .workspace import SERVICE, TENANT

MANAGEMENT = ("https://management.azure.com", "https://management.core.windows.net", "https://ml.azure.com")
STORAGE = ("https://storage.azure.com",)
ANALYTICS = ("https://api.loganalytics.io",)
CLIENT_ID = "00000000-0000-0000-0000-00000000000e"
CLIENT_SECRET = "only-good-on-the-loopback"


class Tokens:
    """The tokens that were given out."""

    def __init__(self):
        self._lock = threading.Lock()
        self._good = {}

    def issue(self, audience, lifetime):
        """A token that looks like one; nobody here checks its signature."""
        now, name = int(time.time()), uuid.uuid4().hex
        claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{TENANT}/",
            "iat": now,
            "nbf": now - 5,
            "exp": now + lifetime,
            "appid": CLIENT_ID,
            "oid": SERVICE,
            "tid": TENANT,
            "uti": name,
            "ver": "1.0",
        }
        token = ".".join([_packed({"alg": "RS256", "typ": "JWT"}), _packed(claims), _encoded(b"unsigned")])
        with self._lock:
            self._good[token] = claims
        return token

    def revoke(self):
        """No token that was given out so far is good any more."""
        with self._lock:
            self._good.clear()

    def trouble(self, authorization, audiences):
        """Why a request may not pass, None when it may."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return "The 'Authorization' header is missing or not a bearer token."
        with self._lock:
            claims = self._good.get(token)
        if claims is None:
            return "The access token is invalid or has been revoked."
        if claims["exp"] <= time.time():
            return "The access token has expired."
        if claims["aud"].rstrip("/") not in audiences:
            return f"The access token has been obtained for the wrong audience {claims['aud']}."
        return None


def configuration(world, request, tenant):
    """`GET /{tenant}/v2.0/.well-known/openid-configuration`."""
    authority = f"https://login.microsoftonline.com/{tenant}"
    return answer(
        {
            "token_endpoint": f"{authority}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "jwks_uri": f"{authority}/discovery/v2.0/keys",
            "issuer": f"{authority}/v2.0",
            "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
            "device_authorization_endpoint": f"{authority}/oauth2/v2.0/devicecode",
            "tenant_region_scope": "EU",
            "cloud_instance_name": "microsoftonline.com",
        }
    )


def instance(world, request):
    """`GET /common/discovery/instance`."""
    host = "login.microsoftonline.com"
    aliases = [host, "login.windows.net", "login.microsoft.com", "sts.windows.net"]
    return answer(
        {
            "tenant_discovery_endpoint": f"https://{host}/{TENANT}/v2.0/.well-known/openid-configuration",
            "api-version": "1.1",
            "metadata": [
                {"preferred_network": host, "preferred_cache": "login.windows.net", "aliases": aliases}
            ],
        }
    )


def clouds(world, request):
    """`GET /metadata/endpoints` of ARM: the public cloud alone."""
    return answer(
        [
            {
                "name": "AzureCloud",
                "portal": "https://portal.azure.com",
                "resourceManager": "https://management.azure.com/",
                "graph": "https://graph.windows.net/",
                "gallery": "https://gallery.azure.com/",
                "authentication": {
                    "loginEndpoint": "https://login.microsoftonline.com/",
                    "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
                    "tenant": "common",
                    "identityProvider": "AAD",
                },
                "suffixes": {
                    "storage": "core.windows.net",
                    "keyVaultDns": "vault.azure.net",
                    "acrLoginServer": "azurecr.io",
                },
            }
        ]
    )


def token(world, request, tenant):
    """`POST /{tenant}/oauth2/v2.0/token` with client credentials."""
    form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    if form.get("grant_type") != "client_credentials":
        return errors.sign_in(400, "unsupported_grant_type", "The grant type is not supported.", 70003)
    if form.get("client_secret") != CLIENT_SECRET:
        return errors.sign_in(401, "invalid_client", "Invalid client secret provided.", 7000215)
    audience = form.get("scope", "").split()[0].removesuffix("/.default")
    told = {
        "token_type": "Bearer",
        "expires_in": world.token_lifetime,
        "ext_expires_in": world.token_lifetime,
    }
    return answer({**told, "access_token": world.tokens.issue(audience, world.token_lifetime)})


def refusal(request, why, *, challenge=True):
    """401 in the words of whoever was asked."""
    if request.dialect == "blob":
        authority = f"https://login.microsoftonline.com/{TENANT}/oauth2/authorize"
        asked = f"Bearer authorization_uri={authority} resource_id=https://storage.azure.com"
        code = (
            "InvalidAuthenticationInfo"
            if "Authorization" in request.headers
            else "NoAuthenticationInformation"
        )
        told = errors.storage(401, code, f"Server failed to authenticate the request. {why}")
    elif request.dialect == "arm":
        asked = f'Bearer authorization_uri="https://login.windows.net/{TENANT}", error="invalid_token", error_description="{why}"'
        told = errors.arm_plain(
            401, "ExpiredAuthenticationToken" if "expired" in why else "InvalidAuthenticationToken", why
        )
    else:
        asked = f'Bearer error="invalid_token", error_description="{why}"'
        told = errors.history(request, 401, why)
    if challenge:
        told.headers["WWW-Authenticate"] = asked
    return told


def _packed(claims):
    return _encoded(json.dumps(claims).encode())


def _encoded(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
