"""SQLite databases: pages of one size, counted in the first of them."""

from diagnose.evidence.formats.window import (
    Format,
    Judgement,
    Window,
    begins_with,
    intact,
    suffixes,
    truncated,
    unknown,
)

_MAGIC = b"SQLite format 3\0"


def _judge(window: Window) -> Judgement:
    header = window.at(0, 100)
    if header is None:
        return truncated("cut inside its header") if window.size < 100 else unknown("its header was not read")
    stated = int.from_bytes(header[16:18], "big")
    page = 65536 if stated == 1 else stated
    if page < 512 or page & (page - 1):
        return unknown("its header states no page size")
    pages = int.from_bytes(header[28:32], "big")
    # The count is valid only where the writer that last changed the file also wrote the count.
    if not pages or header[24:28] != header[92:96]:
        return (
            truncated("cut inside a page")
            if window.size % page
            else unknown("its header does not count its pages")
        )
    if pages * page > window.size:
        return truncated(f"its {pages} pages need {pages * page} bytes, the file has {window.size}")
    return intact(f"holds all of its {pages} pages")


FORMATS = (
    Format(
        "sqlite",
        suffixes("sqlite sqlite3 db db3"),
        begins_with(_MAGIC),
        _judge,
        (_MAGIC,),
        distinct=True,
        needs_end=False,
    ),
)
