"""A signature: a known failure as a user of the tool writes it down, with the examples that prove it."""

from dataclasses import dataclass
from enum import StrEnum

from diagnose.evidence.logs import LogKind
from diagnose.evidence.run import Phase
from diagnose.rule import Cause, Certainty, Step


class How(StrEnum):
    """Which of the patterns must be found in one log."""

    ANY = "any"
    ALL = "all"
    IN_ORDER = "in_order"


@dataclass(frozen=True, slots=True)
class Match:
    """The lines that are looked for."""

    how: How
    patterns: tuple[str, ...]
    within: int | None = None
    """From the first of the lines to the last are at most so many lines."""


@dataclass(frozen=True, slots=True)
class Where:
    """The logs that are read: whose they are, and what their paths look like (any of these; none means all)."""

    kinds: frozenset[LogKind] = frozenset({LogKind.USER})
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class When:
    """The runs that it is about: a status word and a phase, each only if it is given."""

    statuses: frozenset[str] = frozenset()
    """Folded to lower case."""
    phases: frozenset[Phase] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.statuses or self.phases)


@dataclass(frozen=True, slots=True)
class Signature:
    """One entry of a rule file."""

    id: str
    title: str
    cause: Cause
    match: Match
    headline: str
    explanation: str
    remedy: tuple[Step, ...]
    matches: tuple[str, ...]
    """Excerpts of logs in which it must be found."""
    no_matches: tuple[str, ...]
    file: str
    """The name of the file that it is from, without its folder."""
    line: int
    digest: str
    """Of its file."""
    unless: tuple[str, ...] = ()
    """Where one of these is in the same log, it is not that."""
    where: Where = Where()
    when: When = When()
    mechanism: str | None = None
    links: tuple[str, ...] = ()
    certainty: Certainty = Certainty.SUSPECTED

    @property
    def name(self) -> str:
        """Its name as a rule."""
        return self.id.replace("-", "_")
