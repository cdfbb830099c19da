"""The log files of a run: found, fetched as streams, and kept whole or by their two ends."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.spool import Spool, refusal
from diagnose.collect.azureml.storage import RANGE, Listed, Piece, Storage
from diagnose.collect.azureml.threads import each
from diagnose.evidence.bundle import Part, PartState
from diagnose.evidence.instants import format_instant

LOG_MAX = 64 << 20
"""Bytes of one log that are kept whole; of a larger one the first quarter and the last three."""
LOGS_MAX = 2_000
ALL_LOGS_MAX = 2 << 30
"""Bytes of all logs together."""
AT_ONCE = 8

Read = Callable[[int, int], Piece]
"""Reads `(offset, length)` of one log; raises GapError."""


@dataclass(frozen=True, slots=True)
class Source:
    """One log file and the ways to read it, best first."""

    path: str
    listed: Listed | None
    ways: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """One log as it was kept: a row of `logs.jsonl`, with the gap that is in it."""

    path: str
    size: int | None
    modified_at: datetime | None
    captured: str
    omitted: int
    gap: Gap | None = None

    def row(self) -> Mapping[str, object]:
        """The row of `logs.jsonl`."""
        return {
            "path": self.path,
            "size": self.size,
            "modified_at": format_instant(self.modified_at),
            "captured": self.captured,
            "omitted_bytes": self.omitted,
        }


def sources(
    urls: Mapping[str, str], listed: Mapping[str, Listed], storage: Storage, content: Callable[[str], str]
) -> list[Source]:
    """Every log that the details or the listing name, with its ways: its own SAS, the identity, the artifact service.

    `content` gives the artifact service's URL of a path, or raises GapError.
    """
    found = []
    for path in sorted({*urls, *listed}, key=_rank):
        what, blob = f"the log {path}", listed.get(path)
        ways: list[Read] = []
        if urls.get(path):
            ways.append(_by_url(storage, what, urls[path]))
        if blob:
            ways.append(_by_name(storage, what, blob))
        ways.append(_by_content(storage, what, path, content))
        found.append(Source(path, blob, tuple(ways)))
    return found


_FIRST = (
    "user_logs/",
    "azureml-logs/70_",
    "system_logs/lifecycler/",
    "logs/azureml/",
    "azureml-logs/",
    "system_logs/",
)
"""What decides most is read first, should the time or the room not last for all."""


def _rank(path: str) -> tuple[int, str]:
    found = (number for number, start in enumerate(_FIRST) if path.startswith(start))
    return next(found, len(_FIRST)), path


def _by_url(storage: Storage, what: str, url: str) -> Read:
    return lambda offset, length: storage.piece_at(what, url, offset, length)


def _by_name(storage: Storage, what: str, blob: Listed) -> Read:
    return lambda offset, length: storage.piece(what, blob, offset, length)


def _by_content(storage: Storage, what: str, path: str, content: Callable[[str], str]) -> Read:
    return lambda offset, length: storage.piece_at(what, content(path), offset, length)


def keep_logs(found: list[Source], spool: Spool, told: Callable[[str], None]) -> list[Kept]:
    """Each log below `logs/` of the spool, several at a time; what could not be read is a row with its gap."""
    left = [ALL_LOGS_MAX]
    chosen = found[:LOGS_MAX]
    rows = each(lambda source: _keep(source, spool, left, told), chosen, AT_ONCE)
    rows += [_skipped(source, f"there are more than {LOGS_MAX:,} logs") for source in found[LOGS_MAX:]]
    return sorted(rows, key=lambda kept: kept.path)


def log_part(kept: list[Kept], listing: Gap | None, *, listed: bool) -> Part:
    """The part of a bundle: complete where every log is known, whatever was kept of each (its row says that)."""
    size = sum(each.size or 0 for each in kept)
    unread = [each for each in kept if each.captured == "none"]
    if kept and len(unread) == len(kept) and unread[0].gap:
        return replace(unread[0].gap.part(), items=len(kept))
    if not listed and listing:
        # The details name the logs that the service knows of; what else lies there only the listing says.
        return listing.part(len(kept), size) if kept else listing.part()
    if unread:
        reason = f"{len(unread):,} of {len(kept):,} could not be read; {unread[0].gap.sentence if unread[0].gap else ''}"
        return Part(PartState.PARTIAL, reason, len(kept), size)
    return Part(PartState.COMPLETE, None, len(kept), size)


def _keep(source: Source, spool: Spool, left: list[int], told: Callable[[str], None]) -> Kept:
    if why := refusal(source.path):
        return _skipped(source, why)
    gap: Gap | None = None
    for way in source.ways:
        try:
            first = way(0, RANGE)
        except GapError as error:
            gap = gap or error.gap
            continue
        if left[0] < min(first.total, LOG_MAX):
            return _skipped(source, f"the logs are larger than {ALL_LOGS_MAX >> 30} GiB together")
        left[0] -= min(first.total, LOG_MAX)
        told(f"{source.path} ({first.total:,} bytes)")
        others = [other for other in source.ways if other is not way]
        try:
            return _written(source, _Reader([way, *others], first), spool)
        except GapError as error:
            return replace(_skipped(source, ""), gap=error.gap)
    return replace(_skipped(source, ""), gap=gap)


def _skipped(source: Source, why: str) -> Kept:
    size, at = (source.listed.size, source.listed.modified_at) if source.listed else (None, None)
    gap = Gap(f"the log {source.path}", PartState.FAILED, why)
    return Kept(source.path, size, at, "none", size or 0, gap)


class _Reader:
    """The bytes of one log to the size that it had when it was first read, though it may go on growing."""

    def __init__(self, ways: list[Read], first: Piece) -> None:
        self._ways, self.first = ways, first
        self.gap: Gap | None = None
        self.got = 0
        self.marker = b""
        """The line that stands for what was left out, once it was given."""

    def pieces(self) -> Iterator[bytes]:
        """Whole, or the first quarter and the last three with one line between them that says what is not there."""
        total = self.first.total
        if total <= LOG_MAX:
            yield from self._from(0, total)
            return
        head, tail = LOG_MAX // 4, LOG_MAX - LOG_MAX // 4
        yield from self._from(0, head)
        end = self._from(total - tail, tail)
        if self.gap is None and (first := next(end, None)) is not None:
            self.marker = f"\n⟪… {total - head - tail:,} bytes omitted …⟫\n".encode()
            yield self.marker
            yield first
            yield from end

    def _from(self, offset: int, length: int) -> Iterator[bytes]:
        end = offset + length
        while offset < end:
            known = self.first.data[:length] if offset == 0 else b""
            try:
                piece = known or self._read(offset, min(RANGE, end - offset))
            except GapError as error:
                self.gap = error.gap
                return
            if not piece:
                self.gap = Gap("a log", PartState.GONE, "it became shorter while it was read")
                return
            self.got += len(piece)
            offset += len(piece)
            yield piece

    def _read(self, offset: int, length: int) -> bytes:
        """By the way that served last; where its permission has run out, by the next."""
        while True:
            try:
                return self._ways[0](offset, length).data
            except GapError as error:
                if len(self._ways) == 1 or error.gap.state is not PartState.DENIED:
                    raise
                del self._ways[0]


def _written(source: Source, reader: _Reader, spool: Spool) -> Kept:
    total = reader.first.total
    spool.write(f"logs/{source.path}", reader.pieces() if total else iter(()))
    at = reader.first.modified_at or (source.listed.modified_at if source.listed else None)
    if reader.gap:
        gap = replace(reader.gap, what=f"the end of the log {source.path}", state=PartState.PARTIAL)
        if reader.marker:  # half of an end behind the mark would pass for what follows the beginning
            spool.cut(f"logs/{source.path}", reader.marker)
            return Kept(source.path, total, at, "head", total - LOG_MAX // 4, gap)
        return Kept(source.path, total, at, "head", total - reader.got, gap)
    kept = "whole" if reader.got == total else "ends"
    return Kept(source.path, total, at, kept, total - reader.got)
