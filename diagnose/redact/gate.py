"""The last look at a file before it leaves: what is found here was missed everywhere else, and nothing is written."""

from diagnose.errors import DiagnoseError
from diagnose.redact import policy
from diagnose.redact.known import KNOWN
from diagnose.redact.look import sure
from diagnose.redact.nominating import nominated
from diagnose.redact.regions import regions


class SecretFoundError(DiagnoseError):
    """A finished file holds a secret."""

    exit_code = 6


def check(data: str | bytes, what: str) -> None:
    """Raises SecretFoundError where a finished text holds a secret; says which kind, never which."""
    if not policy.current().secrets:
        return
    raw = data.encode("utf-8", "replace") if isinstance(data, str) else data
    kind = _found(raw)
    if kind:
        raise SecretFoundError(
            f"{what} was not written: the last check found a secret in it ({kind}). Please report this; "
            "--no-redact writes it as it is."
        )


def _found(data: bytes) -> str | None:
    for start, end in regions(data, nominated(data)):
        text = data[start:end].decode("utf-8", "replace")
        for span in sure(text):
            return span.kind
    if len(KNOWN):
        for span in KNOWN.spans(data.decode("utf-8", "replace")):
            return span.kind
    return None
