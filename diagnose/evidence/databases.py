"""SQLite databases among the outputs: which hold no row, and beside which a journal of an open transaction lies."""

from collections.abc import Iterable, Iterator

from diagnose.evidence.outputs import Output

MAGIC = b"SQLite format 3\0"
JOURNAL = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
"""How a rollback journal begins that was not played out; an ended one is deleted, emptied or begins with zeros."""
WAL = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
LEAVES = (0x0A, 0x0D)
LEAST_ROW = 5
"""Bytes: its place in the page, its length, its key, the length of its header and one column."""


def is_database(blob: Output) -> bool:
    """Whether its bytes are those of a SQLite database."""
    return bool(blob.head and blob.head.startswith(MAGIC))


def has_no_row(blob: Output) -> bool:
    """Whether every page of every table and index was read and is a leaf without a cell."""
    data = _whole(blob)
    if data is None or len(data) < 112:
        return False
    size = int.from_bytes(data[16:18], "big")
    size = 65536 if size == 1 else size
    unused = int.from_bytes(data[36:40], "big")
    pages = [data[at : at + size] for at in range(size, len(data), size)] if size >= 512 else []
    return bool(pages) and not unused and all(p[0] in LEAVES and p[3:5] == b"\0\0" for p in pages)


def holds_fewer_than(blob: Output, rows: int) -> bool:
    """Whether so many rows cannot be in a file of its size."""
    return blob.size is not None and rows * LEAST_ROW > blob.size


def _whole(blob: Output) -> bytes | None:
    head, tail, size = blob.head or b"", blob.tail or b"", blob.size or 0
    if len(head) == size:
        return head
    missing = size - len(head)
    return head + tail[-missing:] if 0 < missing <= len(tail) else None


def open_journals(blobs: Iterable[Output]) -> Iterator[tuple[Output, Output]]:
    """Each database with the journal or write-ahead log that lies beside it and holds what it does not."""
    blobs = tuple(blobs)
    databases = {(blob.output, blob.path): blob for blob in blobs}
    for blob in blobs:
        for ending, begins in (("-journal", (JOURNAL,)), ("-wal", WAL)):
            database = databases.get((blob.output, blob.path.removesuffix(ending)))
            if blob.path.endswith(ending) and database and (blob.head or b"").startswith(begins):
                yield database, blob
