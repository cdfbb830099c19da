"""How many lines a text output has: counted where all of it was read, else by the length of those that were."""

from diagnose.evidence.outputs import Output


def lines_at_ends(blob: Output) -> list[bytes]:
    """The whole lines at both ends, with their line ends; none of what is no text."""
    head, tail = blob.head or b"", blob.tail or b""
    if b"\0" in head or b"\n" not in head:
        return []
    overlap = len(head) + len(tail) - (blob.size or 0)
    if overlap >= 0:
        return (head + tail[overlap:]).splitlines(keepends=True)
    first = head[: head.rindex(b"\n") + 1].splitlines(keepends=True)
    return [*first, *tail[tail.find(b"\n") + 1 :].splitlines(keepends=True)]


def text_rows(blob: Output) -> int:
    """Its lines; 0 of what is no text."""
    lines = lines_at_ends(blob)
    head, tail, size = blob.head or b"", blob.tail or b"", blob.size or 0
    if not lines:
        return 0
    if len(head) + len(tail) >= size:
        return len(lines)
    return round(size * len(lines) / max(1, sum(map(len, lines))))
