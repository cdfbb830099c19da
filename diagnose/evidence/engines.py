"""Which patterns may occur where in a block of bytes: hyperscan, or Python's `re` where there is none.

An engine only nominates: it may name too much and never too little. The scanner confirms every
nomination with `re` on the line, which makes the results of all engines equal.
"""

import re
import threading
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, Protocol

from diagnose.evidence.literals import required_literals

try:
    import hyperscan
except ImportError:  # no wheel for this platform
    hyperscan = None  # type: ignore[assignment,unused-ignore]

Nomination = tuple[int, int]
"""Where a candidate ends (an offset behind at least one of its bytes), and the number of its pattern."""


class Engine(Protocol):
    r"""Looks for many patterns at once in blocks whose lines end with `\n`."""

    name: str

    def nominate(self, flat: bytes) -> Sequence[Nomination]:
        """Candidates by offset: for every line and pattern that match there is at least one in that line.

        Of a saturated pattern it is at least one in the block.
        """

    def saturate(self, numbers: frozenset[int]) -> None:
        """These patterns were found so often that one candidate per block is enough."""


@cache
def compiled(regex: str) -> re.Pattern[bytes]:
    """The pattern for `search` on the bytes of one line. Raises ValueError when it is none."""
    try:
        pattern = re.compile(regex.encode())
    except re.error as error:
        raise ValueError(f"log pattern {regex!r}: {error}") from error
    if pattern.search(b""):
        raise ValueError(f"log pattern {regex!r} matches an empty line, so every line")
    return pattern


def engine_for(regexes: Iterable[str], name: str | None = None) -> Engine:
    """The fastest engine that can be imported here, or the one of that name (`hyperscan`, `re`).

    Raises ValueError, naming the pattern, for a pattern that the engine does not take.
    """
    wanted = tuple(regexes)
    if not wanted or name == "re" or (name is None and hyperscan is None):
        return ReEngine(wanted)
    return HyperscanEngine(wanted)


class HyperscanEngine:
    """All patterns in one automaton, over raw bytes."""

    name = "hyperscan"

    def __init__(self, regexes: Sequence[str]) -> None:
        self._regexes = tuple(regexes)
        self._use(frozenset())
        self._found: list[Nomination] = []

    def nominate(self, flat: bytes) -> Sequence[Nomination]:  # as the protocol says
        self._found = []
        self._database.scan(flat, match_event_handler=self._on_match, scratch=self._scratch)
        self._found.sort()
        return self._found

    def saturate(self, numbers: frozenset[int]) -> None:  # as the protocol says
        self._use(numbers)

    def _use(self, once: frozenset[int]) -> None:
        # The automaton serves many threads at once; the space in which it works serves one.
        self._database = _database(self._regexes, once)
        self._scratch = hyperscan.Scratch(self._database)

    def _on_match(self, number: int, _start: int, end: int, _flags: int, _context: object) -> None:
        self._found.append((end, number))


class ReEngine:
    """Pattern by pattern: by the text that a match must contain, else by searching."""

    name = "re"

    def __init__(self, regexes: Sequence[str]) -> None:
        for regex in regexes:
            compiled(regex)
        self._literals = [required_literals(regex) for regex in regexes]
        self._caseless = [regex.startswith("(?i)") for regex in regexes]
        self._searches = [re.compile(regex.encode(), re.MULTILINE).search for regex in regexes]
        self._saturated: frozenset[int] = frozenset()

    def nominate(self, flat: bytes) -> Sequence[Nomination]:  # as the protocol says
        lower = flat.lower() if any(self._caseless) else flat
        found: list[Nomination] = []
        for number, literals in enumerate(self._literals):
            if literals is None:
                found += self._searched(flat, number)
            else:
                found += self._spotted(lower if self._caseless[number] else flat, literals, number)
        found.sort()
        return found

    def saturate(self, numbers: frozenset[int]) -> None:  # as the protocol says
        self._saturated = numbers

    def _spotted(self, flat: bytes, literals: tuple[bytes, ...], number: int) -> Iterable[Nomination]:
        """One candidate for every line that holds any of `literals`."""
        ends: set[int] = set()
        for literal in literals:
            at = flat.find(literal)
            while at >= 0:
                ends.add(at + 1)
                if number in self._saturated:
                    return [(at + 1, number)]
                end = flat.find(b"\n", at)
                at = flat.find(literal, end) if end >= 0 else -1
        return [(end, number) for end in ends]

    def _searched(self, flat: bytes, number: int) -> Iterable[Nomination]:
        """A match may run on into later lines: its first is nominated, and the next is searched anew."""
        search, found, at = self._searches[number], [], 0
        while (match := search(flat, at)) is not None:
            found.append((match.start() + 1, number))
            at = flat.find(b"\n", match.start()) + 1
            if at == 0 or number in self._saturated:
                break
        return found


_DATABASES = 16
"""Automata that are kept: that of all patterns, and of the last logs in which some were too many."""
_COMPILING = threading.Lock()


def _database(regexes: tuple[str, ...], once: frozenset[int]) -> Any:
    """The compiled automaton; threads that want the same one at the same time wait for the first to make it."""
    with _COMPILING:
        return _compiled(regexes, once)


@lru_cache(maxsize=_DATABASES)
def _compiled(regexes: tuple[str, ...], once: frozenset[int]) -> Any:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    single = hyperscan.HS_FLAG_SINGLEMATCH
    flags = [hyperscan.HS_FLAG_MULTILINE | (single if n in once else 0) for n in range(len(regexes))]
    try:
        database.compile(expressions=[_spelled(r) for r in regexes], ids=[*range(len(regexes))], flags=flags)
    except hyperscan.error as error:
        raise ValueError(f"log pattern {_refused(regexes)!r}: {error}") from error
    return database


def _refused(regexes: tuple[str, ...]) -> str:
    """The first pattern that does not compile on its own."""
    for regex in regexes:
        try:
            hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK).compile(
                expressions=[_spelled(regex)], ids=[0], flags=[0]
            )
        except hyperscan.error:
            return regex
    return " | ".join(regexes)


def _spelled(regex: str) -> bytes:
    """The pattern as hyperscan wants it: it knows no names of groups."""
    compiled(regex)
    return re.sub(r"\(\?P<\w+>", "(", regex).encode()
