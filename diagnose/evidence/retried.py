"""Failures of a log that the source shows to have been tried again, whatever the language of its words."""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code, CodeKind, Statement
from diagnose.evidence.source.guarding import tries_to_write
from diagnose.evidence.source.module import last_name
from diagnose.evidence.trouble.harmless import is_only_warned_of
from diagnose.evidence.troubles import Sequel, Trouble

_SENDS = frozenset(
    {
        "post",
        "put",
        "patch",
        "delete",
        "send",
        "sendall",
        "publish",
        "upload",
        "upload_file",
        "upload_blob",
        "log_artifact",
        "log_metric",
        "log_model",
        "register",
        "register_model",
        "create_or_update",
        "insert",
        "execute",
        "commit",
        "push",
        "request",
        "submit",
    }
)
"""By these names something leaves the program for a place that no listing shows."""


def is_mended_by_source(trouble: Trouble, code: Code | Missing) -> bool:
    """Whether its lines are of a handler whose loop ends with success or with an error, and the program went on."""
    return trouble.sequel is Sequel.CARRIED_ON and _is_printed_by(trouble, code, CodeKind.RETRIED_UNTIL_DONE)


def has_another_way(trouble: Trouble, code: Code | Missing) -> bool:
    """Whether a warning's loop was given up on something to be read, in a program that sends nothing anywhere."""
    if isinstance(code, Missing) or code.unread or trouble.sequel is not Sequel.CARRIED_ON:
        return False
    if not is_only_warned_of(trouble.match.text) or not _is_printed_by(
        trouble, code, CodeKind.RETRIED_THEN_LEFT
    ):
        return False
    handlers = code.of(CodeKind.RETRIED_THEN_LEFT)
    writes = any(tries_to_write(m, h.line) for h in handlers for m in code.modules if m.path == h.path)
    return not writes and not any(last_name(call.func) in _SENDS for m in code.modules for call in m.calls)


def _is_printed_by(trouble: Trouble, code: Code | Missing, kind: CodeKind) -> bool:
    if isinstance(code, Missing):
        return False
    handlers = code.of(kind)
    told = list(_statements(trouble, code)) if handlers else []
    return bool(told) and all(
        any(h.path == s.path and h.line <= s.line <= h.last_line for h in handlers) for s in told
    )


def _statements(trouble: Trouble, code: Code) -> Iterator[Statement]:
    """The statement that printed each of its lines; a record that carries a traceback is the line before it."""
    own = [line.text for line in trouble.match.after if line.number <= trouble.last_line]
    heads = (
        [line.text for line in trouble.match.before[-1:]]
        if trouble.match.text.startswith("Traceback")
        else []
    )
    for text in (*heads, trouble.match.text, *own):
        yield from code.statement_of(text)[:1]
