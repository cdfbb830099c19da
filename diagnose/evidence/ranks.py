"""The processes of a distributed run by their own logs: what each said last, and which one stands elsewhere."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.logs import LogFile, LogLine, LogPattern, Logs
from diagnose.evidence.noise import spoken
from diagnose.evidence.troubles import Trouble, TroubleKind, Troubles

OWN_LOG = re.compile(r"(?:std_log_process_|70_driver_log_(?:\w+-)?|rank[_-]?)0*(\d{1,5})\.(?:txt|log)$")
PREFIXED = LogPattern(
    "line of one rank",
    # torchrun --tee, PyTorch's own, mpirun --tag-output, srun -l
    r"^\[(?:default|[Rr]ank ?)(?P<rank>[0-9]{1,4})\]:|^\[1,(?P<mpi>[0-9]{1,4})\]<std(?:out|err)>:",
)
PREFIX = re.compile(r"^\[[^\]]{1,14}\](?:<std(?:out|err)>)?:\s?")
MANY_LINES = 3
"""Fewer lines of a rank make no pace, and no saying that it has stopped."""
VALUES = re.compile(r"\d+(?:[.,:]\d+)*|0x[0-9a-f]+|\bnan\b|\binf\b")


@dataclass(frozen=True, slots=True)
class Rank:
    """One process of the run."""

    number: int
    last: LogLine
    last_at: datetime | None
    died_of: Trouble | None
    """The traceback or the crash that its log ends with."""

    @property
    def says(self) -> str:
        """The shape of its last line: the words without their values."""
        return VALUES.sub("#", PREFIX.sub("", self.last.text)).strip()


@dataclass(frozen=True, slots=True)
class Ranks:
    """The ranks by number; at least two. Absent where the logs do not tell ranks apart."""

    derived_from: ClassVar[tuple[type, ...]] = (Logs, Troubles)
    watches: ClassVar[tuple[LogPattern, ...]] = (PREFIXED,)

    all: tuple[Rank, ...]

    @property
    def dead(self) -> tuple[Rank, ...]:
        """Those whose log ends in a failure."""
        return tuple(rank for rank in self.all if rank.died_of)

    @property
    def elsewhere(self) -> Rank | None:
        """The one rank whose last line is of another shape than that of all others, which are at least two."""
        shapes = Counter(rank.says for rank in self.all)
        if len(self.all) < 3 or len(shapes) != 2 or min(shapes.values()) != 1:  # one against the rest
            return None
        return next(rank for rank in self.all if shapes[rank.says] == 1)

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        logs, troubles = bundle.get(Logs), bundle.get(Troubles)
        if isinstance(logs, Missing) or isinstance(troubles, Missing):
            return Missing("ranks", "the logs of the ranks were not read")
        ranks = _of_files(logs, troubles) or _of_prefixes(logs)
        if len(ranks) <= 1:
            return Missing("ranks", "the logs do not tell one rank from another")
        return cls(tuple(ranks))


def _of_files(logs: Logs, troubles: Troubles) -> list[Rank]:
    found: dict[int, Rank] = {}
    for file in logs.user_files:
        named = OWN_LOG.search(file.path)
        said = spoken(file.tail)
        if named and said and file.covers_end:
            last_at = file.last_at or file.modified_at
            found[int(named[1])] = Rank(int(named[1]), said[-1], last_at, _death(file, troubles))
    return [found[number] for number in sorted(found)]


def _death(file: LogFile, troubles: Troubles) -> Trouble | None:
    firm = (TroubleKind.TRACEBACK, TroubleKind.CRASH)
    own = [t for t in troubles.firm_or_last if t.match.path == file.path and t.kind in firm]
    return own[-1] if own and file.lines - own[-1].last_line <= MANY_LINES else None


def _of_prefixes(logs: Logs) -> list[Rank]:
    """Ranks that share one log: the last line of each among those that were kept."""
    last: dict[int, LogLine] = {}
    for match in logs.matches(PREFIXED).kept:
        number = match.groups.get("rank") or match.groups.get("mpi") or "0"
        last[int(number)] = LogLine(match.path, match.line, match.text, match.at)
    return [Rank(number, last[number], last[number].at, None) for number in sorted(last)]
