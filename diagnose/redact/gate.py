"""The last look at a file before it leaves: what is found here was missed everywhere else, and nothing is written."""

from contextlib import suppress

from diagnose.errors import DiagnoseError
from diagnose.evidence.members import quoted
from diagnose.evidence.store import Store
from diagnose.redact import policy

_PIECE = 1 << 20


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


def check_members(store: Store) -> None:
    """Raises SecretFoundError where a member of a bundle holds a secret."""
    for name in store.names():
        if not policy.current().secrets:
            return
        with suppress(KeyError, OSError), store.open(name) as stream:
            held = b""
            while piece := stream.read(_PIECE):
                check(held + piece, f"The bundle with its member {quoted(name)}")
                held = piece[-4096:]


def _found(data: bytes) -> str | None:
    # The patterns and their engine are for those who have something to look at.
    from diagnose.redact.known import KNOWN  # noqa: PLC0415
    from diagnose.redact.look import sure  # noqa: PLC0415
    from diagnose.redact.nominating import nominated  # noqa: PLC0415
    from diagnose.redact.regions import regions  # noqa: PLC0415

    for start, end in regions(data, nominated(data)):
        text = data[start:end].decode("utf-8", "replace")
        for span in sure(text):
            return span.kind
    if len(KNOWN):
        for span in KNOWN.spans(data.decode("utf-8", "replace")):
            return span.kind
    return None
