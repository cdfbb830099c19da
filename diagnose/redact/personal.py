"""E-mail addresses, IP addresses and names of users: personal data that a diagnosis seldom needs."""

import re
from collections.abc import Iterator

from diagnose.redact.spans import Span

_EMAIL = re.compile(
    r"[A-Za-z0-9._%+\-]{1,64}(?:@|%40|#EXT#@)[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,5}"
)
_IPV4 = re.compile(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)"
)
_IPV6 = re.compile(
    r"(?<![\w:.])(?:[0-9a-fA-F]{1,4}:){4,7}(?::?[0-9a-fA-F]{1,4}){1,3}(?![\w:])|(?<![\w:])fe80::[0-9a-fA-F:]{4,40}"
)
_USER = re.compile(
    r"(?:\b(?:user(?:[_ ]?name)?|owner|created[_ ]?by|login|account[_ ]?name|upn|submitted[_ ]?by|logname|principal[_ ]?name)"
    r"[\"']?\s{0,3}[:=]\s{0,3}[\"']?|/home/|/Users/|[A-Za-z]:\\{1,2}Users\\{1,2})(?P<s>[A-Za-z][\w.\-]{1,63})",
    re.IGNORECASE,
)
_LOCAL = frozenset({"127.0.0.1", "0.0.0.0"})  # noqa: S104  (nothing is bound)
_NOBODY = frozenset(
    """
    azureuser root none null true false unknown user admin default system string azureml nobody runner
    """.split()  # noqa: SIM905  (a list of words is read as one)
)


def personal(text: str) -> Iterator[Span]:
    """All of it in a text."""
    if "@" in text or "%40" in text:
        for match in _EMAIL.finditer(text):
            yield Span(*match.span(), "email", match[0].lower())
    for pattern in (_IPV4, _IPV6):
        for match in pattern.finditer(text):
            if match[0] not in _LOCAL and not text[: match.start()].endswith(("==", "version ", "v")):
                yield Span(*match.span(), "ip-address", match[0], sure=False)
    for match in _USER.finditer(text):
        if match["s"].lower() not in _NOBODY:
            yield Span(*match.span("s"), "user-name", match["s"], sure=False)
