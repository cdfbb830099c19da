"""What a rule is and what it may say: a cause, a mechanism, and findings that quote their evidence."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, TypeAlias

from diagnose.evidence.logs import LogMatch, LogPattern


class Cause(StrEnum):
    """Why a run is as it is. The words of `spec/verdict.md`, version 1."""

    LINGERING_CHILD_PROCESS = "lingering-child-process"
    LINGERING_CHILD_RUN = "lingering-child-run"
    UNFLUSHED_OUTPUT = "unflushed-output"
    UNFLUSHED_METRICS = "unflushed-metrics"
    SILENT_ERROR = "silent-error"
    DISTRIBUTED_HANG = "distributed-hang"
    RESOURCE_KILL = "resource-kill"
    IN_PROCESS_DEADLOCK = "in-process-deadlock"
    WAITING_ON_EXTERNAL = "waiting-on-external"
    SERVICE_SIDE = "service-side"
    LOUD_FAILURE = "loud-failure"
    STILL_WORKING = "still-working"
    NONE = "none"
    INCONCLUSIVE = "inconclusive"


class Certainty(IntEnum):
    """How sure, in words. Ordered, so that `min` and `max` mean what they say."""

    NONE = 0
    SUSPECTED = 1
    """One piece of evidence, or some contradiction."""
    SUPPORTED = 2
    """Several independent pieces point to it, none is direct."""
    ESTABLISHED = 3
    """Direct evidence names the mechanism, and nothing contradicts it."""

    @property
    def word(self) -> str:
        """The word that the verdict prints."""
        return self.name.lower()


class EvidenceKind(StrEnum):
    """Where a piece of evidence comes from."""

    LOG = "log"
    METRIC = "metric"
    OUTPUT = "output"
    CHILD = "child"
    STATUS = "status"
    CODE = "code"
    ABSENCE = "absence"


@dataclass(frozen=True, slots=True)
class Source:
    """The place that is quoted, and its words."""

    path: str
    line: int | None = None
    text: str | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen, or that was looked for where it had to be and was not there."""

    kind: EvidenceKind
    summary: str
    at: datetime | None = None
    source: Source | None = None
    direct: bool = False
    """Whether it names the mechanism by itself, so that no inference is needed."""
    channel: str = ""
    """Pieces of one channel are not independent of one another; by default a channel is a kind."""

    @property
    def voice(self) -> str:
        """What counts as one witness."""
        return self.channel or self.kind.value


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do. `risk` is what may go wrong when it is done."""

    title: str
    detail: str = ""
    snippet: str | None = None
    risk: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has found."""

    headline: str
    """One sentence that an on-call engineer can act on."""
    evidence: tuple[Evidence, ...]
    story: str = ""
    """What happened, in order, and why it kept the run open; a short paragraph."""
    against: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    """What was not there to look at, and how to get it."""
    mechanism: str | None = None
    """How, more finely than the rule's own name."""
    began_at: datetime | None = None
    subjects: frozenset[str] = frozenset()
    """Names of outputs, metrics or child runs that this is about: what links a cause to its consequence."""
    at_most: Certainty = Certainty.ESTABLISHED
    steps: tuple[Step, ...] = ()
    """What to do here in particular; the rule's own remedy comes after these."""

    @property
    def certainty(self) -> Certainty:
        """How sure the evidence makes it, by the definition of `spec/verdict.md`."""
        return min(weigh(self.evidence, self.against), self.at_most)


def weigh(evidence: tuple[Evidence, ...], against: tuple[Evidence, ...]) -> Certainty:
    """Certainty from the pieces: direct and uncontradicted, several independent ones, one, none."""
    if not evidence:
        return Certainty.NONE
    if against:
        return Certainty.SUSPECTED
    if any(piece.direct for piece in evidence):
        return Certainty.ESTABLISHED
    return Certainty.SUPPORTED if len({piece.voice for piece in evidence}) > 1 else Certainty.SUSPECTED


Check: TypeAlias = Callable[..., Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a rule comes from that is not the project's own."""

    name: str
    """The rule file, or the package and its version."""
    digest: str
    """Of what it says: another one may judge otherwise."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One mechanism: what it is, what it needs, how it is found, what to do about it."""

    name: str
    title: str
    cause: Cause
    check: Check
    needs: tuple[tuple[str, Any], ...]
    """Parameter name and annotation of each piece of evidence that `check` asks for."""
    watches: tuple[LogPattern, ...]
    remedy: tuple[Step, ...]
    links: tuple[str, ...]
    generic: bool
    """A generic rule speaks only where no specific one does."""
    inferred: bool
    """The mechanism was inferred and not seen in public: it cannot reach `established` on that alone."""
    page: "Page" = field(repr=False)
    extra: bool = False
    """It reads evidence that few bundles have: where that is missing, its cause is not left open for it."""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The rule explained, read from the docstring of its module."""

    mechanism: str
    signs: str
    near_misses: str
    safety: str


SECTIONS = {"Signs": "signs", "Near misses": "near_misses", "Safety constraint": "safety"}


def page_of(docstring: str) -> Page:
    """The sections of a rule's module docstring. Raises `ValueError` when one is missing."""
    pieces = re.split(
        r"^(Signs|Near misses|Safety constraint):[ \n]", inspect.cleandoc(docstring), flags=re.MULTILINE
    )
    sections = {
        SECTIONS[name]: " ".join(text.split()) for name, text in zip(pieces[1::2], pieces[2::2], strict=True)
    }
    if len(sections) != len(SECTIONS):
        raise ValueError(f"a rule explains its {', '.join(SECTIONS)}: {docstring[:80]!r}")
    return Page(mechanism=pieces[0].strip(), **sections)


def rule(  # noqa: PLR0913  (what a rule declares, each by name)
    *,
    title: str,
    cause: Cause,
    remedy: tuple[Step, ...] | Step,
    watches: tuple[LogPattern, ...] = (),
    links: tuple[str, ...] = (),
    generic: bool = False,
    inferred: bool = False,
    extra: bool = False,
) -> Callable[[Check], Rule]:
    """Make a rule of a generator function. Its name is the rule's id, its parameters are what it needs.

    A parameter annotated with a fact gets that fact; one annotated `Fact | Missing` is given the `Missing` too.
    """

    def wrap(check: Check) -> Rule:
        signature = inspect.signature(check)
        module = inspect.getmodule(check)
        return Rule(
            name=check.__name__,
            title=title,
            cause=cause,
            check=check,
            needs=tuple((name, parameter.annotation) for name, parameter in signature.parameters.items()),
            watches=watches,
            remedy=remedy if isinstance(remedy, tuple) else (remedy,),
            links=links,
            generic=generic,
            inferred=inferred,
            page=page_of(module.__doc__ or "" if module else ""),
            extra=extra,
        )

    return wrap


def quote(match: LogMatch, summary: str, *, direct: bool = False, channel: str = "") -> Evidence:
    """A log line as evidence, with the lines around it."""
    source = Source(
        match.path,
        match.line,
        match.text,
        tuple(line.text for line in match.before[-3:]),
        tuple(line.text for line in match.after[:3]),
    )
    return Evidence(EvidenceKind.LOG, summary, match.at, source, direct, channel)
