"""The matches of one pattern over all logs: a count, the first 50 and the last 50."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from diagnose.evidence.logscan.loglines import LogMatch, LogMatches, LogPattern
from diagnose.evidence.logscan.trail import Piece

KEPT = 50
COUNTED = 10_000
"""Beyond this many matches of a pattern, lines are no longer searched for more than the last of them."""


@dataclass(slots=True)
class Hit:
    """A match in a log that is still being read."""

    number: int
    text: str
    groups: dict[str, str]
    micros: int | None
    own_time: bool
    before: list[Piece]
    after: list[Piece] = field(default_factory=list)


class Keeper:
    """Takes the matches of a pattern in order; keeps the first and the last."""

    def __init__(self, pattern: LogPattern) -> None:
        self.pattern = pattern
        self.count = 0
        self._first: list[Hit | LogMatch] = []
        self._last: deque[Hit | LogMatch] = deque(maxlen=KEPT)

    @property
    def saturated(self) -> bool:
        """Whether further matches are only kept, not counted."""
        return self.count > COUNTED

    @property
    def room(self) -> int:
        """How many of the first are still wanted."""
        return KEPT - len(self._first)

    def keep(self, hits: Iterable[Hit]) -> None:
        """Keep these, which follow all that were kept before."""
        for hit in hits:
            if self.room:
                self._first.append(hit)
            else:
                self._last.append(hit)

    def settle(self, finished: Callable[[LogPattern, Hit], LogMatch]) -> None:
        """A log has been read: its hits become matches."""
        self._first = [finished(self.pattern, hit) if isinstance(hit, Hit) else hit for hit in self._first]
        last = (finished(self.pattern, hit) if isinstance(hit, Hit) else hit for hit in self._last)
        self._last = deque(last, maxlen=KEPT)

    def matches(self) -> LogMatches:
        """What was kept."""
        kept = [match for match in (*self._first, *self._last) if isinstance(match, LogMatch)]
        return LogMatches(min(self.count, COUNTED), tuple(kept), at_least=self.saturated)
