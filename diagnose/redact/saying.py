"""Our own messages and logs without secrets: short texts, looked at one by one and without any engine."""

import re

from diagnose.redact import policy
from diagnose.redact.known import KNOWN
from diagnose.redact.look import look
from diagnose.redact.spans import merged

_LONGEST = 64 << 10
_PLAIN = re.compile(r"[\w .,'()-]{0,60}\.?")


def said(text: str) -> str:
    """The text with a mark for every secret in it; a mark for all of it where it cannot be judged."""
    if not policy.current().secrets or (_PLAIN.fullmatch(text) and not len(KNOWN)):
        return text
    try:
        head = text[:_LONGEST]
        pieces, done = list[str](), 0
        for span in merged([*look(head), *KNOWN.spans(head)]):
            pieces += [head[done : span.start], f"⟦secret:{span.kind}⟧"]
            done = span.end
        return "".join([*pieces, head[done:]]) + (" …" if len(text) > _LONGEST else "")
    except Exception:  # noqa: BLE001  (what cannot be judged is not said)
        return "⟦withheld⟧"
