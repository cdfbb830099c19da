"""The line that stands in a log for the bytes that a capture left out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from diagnose.evidence.logscan.blocks import Block

_BEGINNING = "⟪…".encode()
_MARKER = re.compile(r"⟪… ?[0-9][0-9,._ ]{0,30} bytes omitted ?…⟫".encode()).fullmatch


def around_omissions(blocks: Iterable[Block | None]) -> Iterator[Block | None]:
    """The blocks without such lines, with None in the place of each. Line numbers go on as in the file."""
    for block in blocks:
        if block is None or _BEGINNING not in block.flat:
            yield block
        else:
            yield from _split(block)


def _split(block: Block) -> Iterator[Block | None]:
    begun, at = 0, block.flat.find(_BEGINNING)
    while at >= 0:
        start = block.flat.rfind(b"\n", 0, at) + 1
        end = (block.flat.find(b"\n", at) + 1) or len(block.flat)
        if _MARKER(block.flat[start:end].strip()):
            if start > begun:
                yield _part(block, begun, start)
            yield None
            begun = end
        at = block.flat.find(_BEGINNING, end)
    if begun < len(block.flat):
        yield _part(block, begun, len(block.flat))


def _part(block: Block, start: int, end: int) -> Block:
    data = block.data[start:end]
    return replace(
        block,
        data=data,
        flat=block.flat[start:end],
        offset=block.offset + start,
        line=block.number(start),
        newlines=data.count(b"\n"),
        skip=block.skip if start == 0 else 0,
    )
