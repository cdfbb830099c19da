"""The reading of a log for signatures: streaming, bounded in memory, linear in time.

It is a second reading, beside the one for the built-in rules, for three reasons. That one confirms every line with
Python's `re`, which a stranger's pattern can keep busy for years; it keeps the first and last lines of a pattern, where
an order within some lines needs all of them in turn; and one pattern that its automaton refuses would blind every rule.
"""

import codecs
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from diagnose.custom.patterns import compiled
from diagnose.custom.places import Place, Seen, Watch
from diagnose.evidence.logscan.blocks import Block, blocks_of
from diagnose.evidence.logscan.linetimes import LineTimes
from diagnose.evidence.logscan.omission import around_omissions
from diagnose.evidence.logscan.text import clean_chunks, clip, window
from diagnose.evidence.logscan.times import LineClock, to_datetime
from diagnose.evidence.logscan.trail import Piece, Trail, pieces

CHUNK = 256 * 1024
AROUND = 3
"""Lines that are quoted before and after."""
_TEXT = 2000
_LINE = 500
_GROUP = 200


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a matching line begins and ends in its block, where the match begins, and its named groups."""

    start: int
    end: int
    begin: int
    groups: Mapping[str, str]


class LogWatch:
    """One log on its way past the signatures that ask for it."""

    def __init__(self, watches: Sequence[Watch], clock: LineClock, size: int | None) -> None:
        self._watches = watches
        self._times = LineTimes(clock, size)
        self._trail = Trail()

    def read(self, stream: BinaryIO, *, with_omission: bool = False) -> None:
        """Read the log to its end; what the stream raises goes through, and what was seen before stands."""
        blocks: Iterable[Block | None] = blocks_of(_legible(clean_chunks(stream, CHUNK)))
        for block in around_omissions(blocks) if with_omission else blocks:
            if block is not None:
                self._take(block)
                continue
            self._times.forget()
            self._trail.forget()
            for watch in self._watches:
                watch.forget()

    def _take(self, block: Block) -> None:
        self._times.take(block)
        wanted = {regex for watch in self._watches for _, regex in watch.needs}
        found = {regex: [*_spots(regex, block)] for regex in sorted(wanted)}
        for watch in self._watches:
            self._judge(watch, block, found)
        self._trail.add(block)

    def _judge(self, watch: Watch, block: Block, found: Mapping[str, list[_Spot]]) -> None:
        needs = [*watch.needs]
        if any(step < 0 and found[regex] for step, regex in needs):
            watch.is_withdrawn = True
            return
        spots = [(spot.start, -step, spot) for step, regex in needs for spot in found[regex]]
        if not spots:
            return
        number, counted = block.line, 0
        for start, step, spot in sorted(spots, key=lambda each: each[:2]):
            number += block.data.count(b"\n", counted, start)
            counted = start
            watch.take(Seen(-step, block.offset + start, number, start, spot.end, spot.begin, spot.groups))
        for seen in watch.alive:
            if seen.place is None:
                seen.place = self._place(block, seen)

    def _place(self, block: Block, seen: Seen) -> Place:
        flat = block.flat
        behind = [*islice(self._trail.back(block, seen.start, seen.line), 60)]
        micros, _ = self._times.at(block, seen.start, seen.end, behind)
        next_line = seen.line + block.data.startswith(b"\n", seen.end)
        following = islice(pieces(block, min(seen.end + 1, len(flat)), next_line), AROUND)
        return Place(
            line=seen.line,
            text=window(flat[seen.start : seen.end], seen.begin - seen.start, seen.begin - seen.start, _TEXT),
            at=None if micros is None else to_datetime(micros),
            before=_texts(behind[:AROUND][::-1]),
            after=_texts(following),
            groups=seen.groups,
        )


def _spots(regex: str, block: Block) -> Iterator[_Spot]:
    """The lines of a block that the pattern matches, each once, with its named groups."""
    search, flat, at = compiled(regex).search, block.flat, block.skip
    while at < len(flat) and (found := search(flat, at)) is not None:
        begin = found.start()
        if block.own is not None and begin >= block.own:
            return  # of the next window
        start = max(flat.rfind(b"\n", 0, begin) + 1, block.skip)
        end = flat.find(b"\n", begin)
        end = len(flat) if end < 0 else end
        said = found.groupdict()
        groups = {name: clip(text, _GROUP) for name, text in said.items() if text is not None}
        yield _Spot(start, end, begin, groups)
        at = end + 1


def _legible(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Bytes that are no UTF-8 as the sign for that: RE2's full stop takes whole characters only."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", final=True).encode()


def _texts(lines: Iterable[Piece]) -> tuple[str, ...]:
    return tuple(clip(text, _LINE) for _, text in lines)
