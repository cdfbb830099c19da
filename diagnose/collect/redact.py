"""Where secrets leave the stream, before anything of it reaches the disk; as yet nothing is taken out."""

from collections.abc import Iterable, Iterator
from typing import Protocol


class Redactor(Protocol):
    """What every byte from outside passes on its way into a bundle."""

    def stream(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces of the file `name` without its secrets; line numbers stay what they were."""

    def text(self, name: str, value: str) -> str:
        """One text of an answer (a tag, a command, an error) without its secrets; `name` says which."""


class KeepsAll:
    """Takes nothing out: the seam at which redaction goes in."""

    def stream(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:  # noqa: ARG002  (a redactor wants it)
        """The pieces as they are."""
        return iter(pieces)

    def text(self, name: str, value: str) -> str:  # noqa: ARG002
        """The text as it is."""
        return value
