"""Which lines of one log fulfil a signature: the state of that question while the log goes by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from diagnose.custom.signature import How, Signature


@dataclass(frozen=True, slots=True)
class Place:
    """A line that is quoted."""

    line: int
    text: str
    at: datetime | None
    before: tuple[str, ...]
    after: tuple[str, ...]
    groups: Mapping[str, str]


@dataclass(slots=True)
class Seen:
    """A line that a pattern matches; `place` is filled in before its block is gone, if it is still needed then."""

    step: int
    offset: int
    """Clean bytes before it."""
    line: int
    start: int
    """Where it begins in its block."""
    end: int
    begin: int
    """Where in its block the match begins."""
    groups: Mapping[str, str]
    place: Place | None = None


class Watch:
    """One signature in one log. Needs no more memory than one line for each of its patterns, squared."""

    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        self.is_withdrawn = False
        self.found: tuple[Seen, ...] = ()
        self._steps = len(signature.match.patterns)
        self._chains: list[tuple[Seen, ...]] = [()] * self._steps

    @property
    def needs(self) -> Iterator[tuple[int, str]]:
        """The patterns that can still change something, by number; -1 is what would withdraw it."""
        if not self.is_withdrawn:
            yield from ((-1, regex) for regex in self.signature.unless)
            if not self.found:
                yield from enumerate(self.signature.match.patterns)

    @property
    def alive(self) -> Iterator[Seen]:
        """The lines that may yet be quoted."""
        yield from self.found or (seen for chain in self._chains for seen in chain)

    def take(self, seen: Seen) -> None:
        """The next line; of several patterns in one line the last step comes first."""
        if self.found:
            return
        match self.signature.match.how:
            case How.ANY:
                self.found = (seen,)
            case How.ALL:
                self._take_any_order(seen)
            case How.IN_ORDER:
                self._take_in_order(seen)

    def forget(self) -> None:
        """A part of the log is missing here: no line count goes across it."""
        if self.signature.match.within is not None:
            self._chains = [()] * self._steps

    def _take_any_order(self, seen: Seen) -> None:
        within = self.signature.match.within
        if within is None and self._chains[seen.step]:
            return  # the first of each is quoted
        self._chains[seen.step] = (seen,)
        if all(self._chains):
            latest = sorted((seen for [seen] in self._chains), key=lambda each: each.offset)
            if within is None or latest[-1].line - latest[0].line <= within:
                self.found = tuple(latest)

    def _take_in_order(self, seen: Seen) -> None:
        """Of each length the chain that began last is kept: no other could reach further."""
        earlier = self._chains[seen.step - 1] if seen.step else ()
        if seen.step:
            within = self.signature.match.within
            if not earlier or earlier[-1].offset >= seen.offset:
                return
            if within is not None and seen.line - earlier[0].line > within:
                return
        self._chains[seen.step] = (*earlier, seen)
        if seen.step == self._steps - 1:
            self.found = self._chains[seen.step]
