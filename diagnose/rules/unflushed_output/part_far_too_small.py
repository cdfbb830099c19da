"""One part of a numbered output is a fraction of the size of its siblings, which are all of about one size.

A writer whose last buffers were never flushed leaves a file that is short and looks whole, where its format states no
length: rows of numbers, plain text, large gzip files.

Signs: six or more outputs whose names differ in numbers alone are within a fifth of their median, and one of them, not
the last, has less than a quarter of it, in a format whose wholeness its own bytes cannot tell.
Near misses: days, places and the like, whose sizes differ by more than a few hundredths; the last part, which holds the rest and is naturally smaller; sizes that vary anyway; a part that its bytes
show to be whole; an empty part, which is another mechanism; an open run, in which it is still being written.
Safety constraint: data may fall so, and then nothing is wrong; without another witness it stays a suspicion.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code
from diagnose.evidence.outputs import Outputs, names_of
from diagnose.evidence.partsizes import SmallPart, small_parts
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.series import RETAINED
from diagnose.pieces import loose_writers, output_piece, place, some
from diagnose.rule import Cause, Certainty, Evidence, Finding, Step, rule


@rule(
    title="A part is far smaller than its siblings",
    cause=Cause.UNFLUSHED_OUTPUT,
    remedy=Step(
        "Count what the part holds, and close every writer before the script ends",
        "A format that states its length (npy, Parquet) shows a part that is cut off; rows of numbers do not.",
        "with open(path, 'wb') as file:\n    rows.tofile(file)",
    ),
)
def part_far_too_small(run: RunRecord, outputs: Outputs, code: Code | Missing) -> Iterator[Finding]:
    """Parts whose size does not fit their row."""
    if run.phase is not Phase.COMPLETED:
        return
    small = [p for p in small_parts(outputs.results) if not RETAINED.search(p.blob.name)]
    if not small:
        return
    part, blobs = small[0], [p.blob for p in small]
    witnesses = tuple(piece for piece in loose_writers(code) if _may_be_its(piece, part, code))
    if not witnesses and part.spread > EXACT:
        return
    size = part.blob.size or 0
    yield Finding(
        headline=f"{some(map(place, blobs))} {'has' if len(small) == 1 else 'have'} a fraction of the siblings' size ({size:,} bytes, they about {part.median:,}) although the run says Completed; check what it holds.",
        story=f"{part.count} outputs of one numbered row are of about {part.median:,} bytes and {place(part.blob)} is of {size:,}. Its "
        "format states no length, so its bytes cannot tell whether the rest was ever flushed.",
        evidence=(
            *(
                output_piece(
                    p.blob,
                    f"{place(p.blob)} has {p.blob.size or 0:,} bytes; the {p.count} others of its row have about {p.median:,}.",
                )
                for p in small[:5]
            ),
            *witnesses,
        ),
        missing=() if witnesses else ("how many rows each part should hold",),
        mechanism="part-far-too-small",
        began_at=min((b.modified_at for b in blobs if b.modified_at), default=None),
        subjects=names_of(blobs),
        at_most=Certainty.SUPPORTED if witnesses else Certainty.SUSPECTED,
    )


EXACT = 0.05
"""What was split evenly is nearly of one size; beyond that the data may decide, and only a loose writer is a witness."""


def _may_be_its(piece: Evidence, part: SmallPart, code: Code | Missing) -> bool:
    """Whether the module that leaves a writer open, or ends without flushing, names such files."""
    word = re.match(r"[^\W\d_]*", part.blob.name)
    if isinstance(code, Missing) or not piece.source or not word or len(word[0]) < SHORTEST_WORD:
        return True
    module = next((m for m in code.modules if m.path == piece.source.path), None)
    return module is None or word[0] in "\n".join(module.lines)


SHORTEST_WORD = 3
