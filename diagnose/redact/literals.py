"""Secrets that were found once are taken out wherever else they stand, also encoded."""

import base64
import html
import json
import threading
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, unquote

from diagnose.redact.spans import Span
from diagnose.redact.stoplist import is_stand_in

SHORTEST = 8
MOST = 4_000
"""Values that are looked for; of a log that holds more the first ones are."""


class Literals:
    """Known secrets, found again in time that does not grow with their number."""

    def __init__(self) -> None:
        self._forms: dict[str, tuple[tuple[str, str, str], ...]] = {}
        self._known: set[str] = set()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._known)

    def add(self, value: str, kind: str) -> None:
        """Look for this value from now on, if it is long enough to be no other word."""
        value = value.strip()
        if value in self._known or len(self._known) >= MOST or not _is_distinct(value):
            return
        with self._lock:
            self._known.add(value)
            for form in forms(value):
                head = form[:SHORTEST]
                others = self._forms.get(head, ())
                self._forms[head] = tuple(
                    sorted((*others, (form, kind, value)), key=lambda each: -len(each[0]))
                )

    def spans(self, text: str) -> Iterator[Span]:
        """Every known value in the text, in any of its forms."""
        if not self._forms:
            return
        if len(self._forms) < 400:
            heads = [head for head in tuple(self._forms) if head in text]
            for head in heads:
                at = text.find(head)
                while at >= 0:
                    yield from self._at(text, at)
                    at = text.find(head, at + 1)
            return
        known = self._forms
        for at in range(len(text) - SHORTEST + 1):
            if text[at : at + SHORTEST] in known:
                yield from self._at(text, at)

    def heads(self) -> tuple[str, ...]:
        """How the forms begin, for a first look at much text."""
        return tuple(head for head in tuple(self._forms) if head.isprintable())

    def _at(self, text: str, at: int) -> Iterator[Span]:
        for form, kind, value in self._forms.get(text[at : at + SHORTEST], ()):
            if text.startswith(form, at):
                yield Span(at, at + len(form), kind, value)
                return


def forms(value: str) -> set[str]:
    """How a value is written in JSON, JSON in JSON, an address, HTML, Python's repr, and base64 at any place."""
    once = json.dumps(value)[1:-1]
    plain = {
        value,
        once,
        json.dumps(once)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        repr(value)[1:-1],
    }
    plain |= {quote(value, safe=""), quote(value), quote_plus(value), quote(quote(value, safe=""), safe="")}
    plain |= {quote(value, safe="").replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d")}
    plain |= {html.escape(value), html.escape(value, quote=False), value.replace("/", "\\/"), unquote(value)}
    data = value.encode("utf-8", "surrogatepass")
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + data).decode()
        whole = (len(data) + shift) // 3 * 4
        middle = coded[(0, 2, 3)[shift] : whole]
        plain |= {middle, middle.replace("+", "-").replace("/", "_")}
    return {form for form in plain if len(form) >= SHORTEST}


def _is_distinct(value: str) -> bool:
    if not SHORTEST <= len(value) <= 8192 or is_stand_in(value) or "\n" in value:
        return False
    if value.replace(".", "").replace("-", "").isdigit() or value.startswith(("/", "http://", "https://")):
        return False
    return len(set(value)) >= 5 and (
        any(map(str.isdigit, value)) or any(not c.isalnum() for c in value) or value != value.lower()
    )
