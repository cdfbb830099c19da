"""The logs of a bundle, read once for all signatures; each then gets its own answer, or why there is none."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, ClassVar, Self

from diagnose.custom.matching import LogWatch
from diagnose.custom.places import Place, Watch
from diagnose.custom.signature import Signature, Where
from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.logs import LogFile
from diagnose.evidence.logscan.logcontext import listed_logs, narrowed, time_context
from diagnose.evidence.logscan.scanner import UNREADABLE
from diagnose.evidence.logscan.times import LineClock, TimeContext


@dataclass(frozen=True, slots=True)
class Sighting:
    """A log in which a signature is fulfilled, and the lines that do it, in their order."""

    path: str
    places: tuple[Place, ...]
    is_whole: bool
    """Whether all of the log was read, so that what would withdraw it is not there."""


@dataclass(frozen=True, slots=True)
class Sightings:
    """What one signature has found, in the order of the logs."""

    all: tuple[Sighting, ...]


class Reading:
    """One reading of a bundle's logs for `signatures`: a fact, so that a bundle does it once."""

    signatures: ClassVar[tuple[Signature, ...]] = ()

    def __init__(self) -> None:
        self.seen: dict[str, list[Sighting]] = {signature.id: [] for signature in self.signatures}
        self.unseen: dict[str, list[str]] = {signature.id: [] for signature in self.signatures}
        """Logs that a signature asked for and that were not read to their end."""
        self.logs = 0

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:  # as the protocol says
        reading, context = cls(), time_context(bundle)
        for log in listed_logs(bundle):
            reading.logs += 1
            reading._read(bundle, log, LineClock(narrowed(context, log)))
        part = bundle.part("logs")
        if not reading.logs and not part.is_complete:
            return Missing("logs", part.reason or f"they are {part.state.replace('-', ' ')}")
        return reading

    def _read(self, bundle: Bundle, log: LogFile, clock: LineClock) -> None:
        watches = [Watch(signature) for signature in self.signatures if is_asked_for(signature.where, log)]
        if not watches:
            return
        is_whole = log.is_whole
        try:
            size = bundle.store.size(f"logs/{log.path}")
            with bundle.store.open(f"logs/{log.path}") as stream:
                LogWatch(watches, clock, size).read(stream, with_omission=log.captured == "ends")
            is_whole = is_whole and not (size == 0 and log.size)
        except (KeyError, *UNREADABLE):
            # The reading of the built-in rules tells of it in the record; here it only limits what is known.
            is_whole = log.size == 0
        for watch in watches:
            self._keep(watch, log, is_whole=is_whole)

    def _keep(self, watch: Watch, log: LogFile, *, is_whole: bool) -> None:
        name = watch.signature.id
        if watch.found and not watch.is_withdrawn:
            places = tuple(seen.place for seen in watch.found if seen.place is not None)
            self.seen[name].append(Sighting(log.path, places, is_whole))
        elif not is_whole and not watch.is_withdrawn:
            self.unseen[name].append(log.path)

    def of(self, signature: Signature) -> Sightings | Missing:
        """The answer for one signature: absence counts only where all was read."""
        seen, unseen = self.seen[signature.id], self.unseen[signature.id]
        if unseen and not seen:
            return Missing("logs", f"{unseen[0][:200]} was not captured or read to its end")
        return Sightings(tuple(seen))


def reading_for(signatures: Sequence[Signature]) -> type[Reading]:
    """The fact of one reading for these signatures."""
    return type("Logs", (Reading,), {"signatures": tuple(signatures)})


def sightings_for(signature: Signature, reading: type[Reading]) -> type[Any]:
    """The fact of what one signature has found."""

    def read(_cls: type[Any], bundle: Bundle) -> Sightings | Missing:
        everything = bundle.get(reading)
        return everything if isinstance(everything, Missing) else everything.of(signature)

    return type("Logs", (), {"read": classmethod(read)})


def is_asked_for(where: Where, log: LogFile) -> bool:
    """Whether a signature reads that log."""
    named = not where.paths or any(fnmatchcase(log.path, path) for path in where.paths)
    return named and log.kind in where.kinds


def is_found_in(signature: Signature, excerpt: str) -> bool:
    """Whether an excerpt, taken for a whole log, fulfils the signature."""
    watch = Watch(signature)
    data = excerpt.encode("utf-8", "replace")
    LogWatch([watch], LineClock(TimeContext()), len(data)).read(io.BytesIO(data))
    return bool(watch.found) and not watch.is_withdrawn
