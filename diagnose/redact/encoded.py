"""Texts in base64 that hold a secret: they are taken out whole."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator

from diagnose.redact.spans import Span

_RUN = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,}={0,2}")
_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\t\r\n"
NOMINATES = r"([A-Za-f][A-HQ-Xg-nw-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]){5}"
"""Base64 of ASCII looks like this and hardly anything else does: of its bytes the highest bit is never set."""
WIDE = r"([A-Za-f][AQgw][AB][A-Za-z0-9+/]A[A-H][AEIMQUYcgkosw048]A){3}"


def encoded(text: str, look: Callable[[str], list[Span]]) -> Iterator[Span]:
    """Every run of base64 in the text of which the plain text holds a secret."""
    for match in _RUN.finditer(text):
        plain = decoded(match[0])
        if plain is not None and (found := look(plain)):
            yield Span(match.start(), match.end(), found[0].kind, match[0])


def decoded(run: str) -> str | None:
    """The plain text of a run of base64; None when it is none."""
    digits = run.rstrip("=").replace("-", "+").replace("_", "/")
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    try:
        data = base64.b64decode(digits + "=" * (-len(digits) % 4))
    except (binascii.Error, ValueError):
        return None
    if data.count(0) * 5 > len(data) * 2:
        data = data.replace(b"\0", b"")
    odd = len(data.translate(None, _PRINTABLE))
    return data.decode("utf-8", "replace") if odd * 20 <= len(data) else None
