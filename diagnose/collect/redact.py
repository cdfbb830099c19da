"""Where secrets leave the stream, before anything of it reaches the disk."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from diagnose.evidence.bundle import Bundle, Manifest
from diagnose.redact.redactor import Redactor as Removes
from diagnose.redact.store import RedactedStore


class Redactor(Protocol):
    """What every byte from outside passes on its way into a bundle."""

    def stream(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces of the file `name` without its secrets; line numbers stay what they were."""

    def text(self, name: str, value: str) -> str:
        """One text of an answer (a tag, a command, an error) without its secrets; `name` says which."""


class KeepsAll:
    """Takes nothing out."""

    def stream(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:  # noqa: ARG002  (a redactor wants it)
        """The pieces as they are."""
        return iter(pieces)

    def text(self, name: str, value: str) -> str:  # noqa: ARG002
        """The text as it is."""
        return value


def without_secrets(bundle: Bundle) -> Bundle:
    """The same evidence, from wherever it came, seen without its secrets; the bundle itself with `--no-redact`."""
    redactor = Removes()
    if redactor.is_off:
        bundle.redaction = redactor
        return bundle
    clean = Bundle(RedactedStore(bundle.store, redactor), cleaned(bundle.manifest, redactor))
    clean.redaction = redactor
    return clean


def cleaned(manifest: Manifest, redactor: Redactor) -> Manifest:
    """The table of contents without secrets: its reasons quote names and errors."""
    parts = {
        name: replace(part, reason=redactor.text("bundle.json", part.reason)) if part.reason else part
        for name, part in manifest.parts.items()
    }
    gaps = tuple(
        {
            key: redactor.text("bundle.json", each) if isinstance(each, str) else each
            for key, each in gap.items()
        }
        for gap in manifest.gaps
    )
    return replace(manifest, parts=parts, gaps=gaps)
