"""What stands in the place of a secret: the same for the same value, under a key that is not kept."""

import hmac
import re
import secrets
import threading
from hashlib import sha256

TOKEN = re.compile(r"⟦(?:secret|personal|withheld)[^⟦⟧\n]{0,80}⟧")


class Tokens:
    """Numbers the secrets of one bundle. Only keyed digests of them are held, and no key outlives this object."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._tokens: dict[bytes, str] = {}
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def token(self, kind: str, value: str, realm: str = "secret") -> str:
        """`⟦secret:sas-signature:1⟧`."""
        digest = hmac.new(self._key, value.encode("utf-8", "surrogatepass"), sha256).digest()
        with self._lock:
            if digest not in self._tokens:
                self._counts[kind] = self._counts.get(kind, 0) + 1
                self._tokens[digest] = f"⟦{realm}:{kind}:{self._counts[kind]}⟧"
            return self._tokens[digest]
