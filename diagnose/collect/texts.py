"""Telling text from other bytes by the first few of them."""

HEAD = 4096

_MAGIC = (
    b"PK\x03\x04",  # zip, docx, npz, PyTorch
    b"\x1f\x8b",  # gzip
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",  # zstandard
    b"\x89PNG",
    b"\xff\xd8\xff",  # JPEG
    b"GIF8",
    b"%PDF",
    b"PAR1",
    b"\x7fELF",
    b"\x93NUMPY",
    b"\x89HDF",
    b"SQLite format 3",
    b"\x80\x02",  # pickles
    b"\x80\x03",
    b"\x80\x04\x95",
    b"\x80\x05\x95",
)
# A tab, the line ends, form feed, backspace (progress bars), bell, escape (colours), and NUL (a log that was
# cut by a crash is padded with it; UTF-16 is half made of it) are all seen in logs.
_SEEN_IN_LOGS = frozenset(b"\t\n\r\f\v\b\a\x1b\0")


def is_text(head: bytes) -> bool:
    """Whether a file that begins so can be read as a log, in whatever encoding; an empty one can."""
    if head.startswith(_MAGIC):
        return False
    controls = sum(1 for byte in head[:HEAD] if byte < 32 and byte not in _SEEN_IN_LOGS)
    return controls * 20 <= len(head[:HEAD])
