"""Which stretches of a block get the expensive look: the nominated lines with those behind them, in bounded windows."""

from collections.abc import Iterable, Iterator

WINDOW = 32 << 10
OVERLAP = 8 << 10
BEHIND = 2
"""Lines behind a nominated one in which the value of its name may stand."""
BEFORE = 2
"""And in front, for a name or a command that goes on over several lines."""
_BLOCK_MAX = 64 << 10


def regions(data: bytes, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """From where to where to look, in order; no window is longer than `WINDOW`, but for a block of a key."""
    start = end = -1
    for place in places:
        if place < end:
            continue
        begin, stop = _around(data, place)
        if begin <= end:
            end = max(end, stop)
        else:
            yield from _windows(data, start, end)
            start, end = begin, stop
    yield from _windows(data, start, end)


def _around(data: bytes, place: int) -> tuple[int, int]:
    begin = place
    for _ in range(BEFORE + 1):
        line = data.rfind(b"\n", max(0, place - OVERLAP), max(0, begin - 1))
        if line < 0:
            begin = max(0, place - OVERLAP)
            break
        begin = line + 1
    stop = place
    for _ in range(BEHIND + 1):
        line = data.find(b"\n", stop, place + OVERLAP)
        if line < 0:
            stop = min(len(data), max(stop, place + OVERLAP))
            break
        stop = line + 1
    if data.find(b"-----BEGIN ", begin, stop) >= 0 or data.find(b"Private-Lines", begin, stop) >= 0:
        ending = data.find(b"-----END ", begin, begin + _BLOCK_MAX)
        line = data.find(b"\n", ending if ending >= 0 else min(len(data), stop + OVERLAP))
        stop = max(stop, line + 1 if line >= 0 else len(data))
    return begin, stop


def _windows(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    if start < 0:
        return
    end = min(end, len(data))
    if end - start <= 2 * WINDOW:
        yield start, end
        return
    while start < end:
        stop = min(end, start + WINDOW)
        if stop < end:
            line = data.rfind(b"\n", start + WINDOW // 2, stop)
            stop = line + 1 if line >= 0 else stop
        yield start, stop
        if stop >= end:
            return
        back = data.find(b"\n", stop - OVERLAP // 4, stop - 1) + 1 or stop - OVERLAP
        start = max(back, start + 1)
