"""The main threads that the dumps at the end of the logs show, each with how often it was seen at the same place."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.stacks import Dump, Frame, Stacks, Thread
from diagnose.evidence.waits import Waits, is_child, waits_for


@dataclass(frozen=True, slots=True)
class Stood:
    """One process's main thread as its last dump shows it."""

    main: Thread
    others: tuple[Thread, ...]
    times: int
    """Dumps at the end of its log that show it at this place."""

    @property
    def waits(self) -> Waits:
        """What it waits for."""
        return waits_for(self.main)


@dataclass(frozen=True, slots=True)
class Standing:
    """The processes of the last dumps, at least one. Children that share a log are told apart by where they stand."""

    derived_from: ClassVar[tuple[type, ...]] = (Stacks,)

    processes: tuple[Stood, ...]

    @property
    def seen_twice(self) -> bool:
        """Whether every one of them was seen at its place more than once."""
        return all(stood.times > 1 for stood in self.processes)

    def all_wait(self, *kinds: Waits) -> bool:
        """Whether each waits for one of these."""
        return all(stood.waits in kinds for stood in self.processes)

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        stacks = bundle.get(Stacks)
        if isinstance(stacks, Missing):
            return stacks
        found = tuple(stood for ending in stacks.endings for stood in _processes(ending))
        return cls(found) if found else Missing("stacks", "no main thread is among them")


def _processes(ending: Sequence[Dump]) -> Iterator[Stood]:
    told = [(dump, dump.main) for dump in ending if dump.main and dump.main.frames]
    if not told:
        return
    frames = [main.frames for _, main in told]
    if not is_child(told[-1][1]):
        yield _stood(*told[-1], _trailing(frames))
        return
    counts = Counter(frames)
    again = sum(1 for count in counts.values() if count > 1)
    last = {main.frames: (dump, main) for dump, main in told}
    # What was seen once, and before the last round, was passed.
    for place in dict.fromkeys(frames):
        if counts[place] > 1 or not again or place in frames[-again:]:
            yield _stood(*last[place], counts[place])


def _stood(dump: Dump, main: Thread, times: int) -> Stood:
    return Stood(main, tuple(thread for thread in dump.threads if thread is not main), times)


def _trailing(frames: Sequence[tuple[Frame, ...]]) -> int:
    others = (n for n, each in enumerate(reversed(frames)) if each != frames[-1])
    return next(others, len(frames))
