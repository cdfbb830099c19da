"""Blocks of an output were uploaded but never committed: the bytes are in the storage, and nobody can read them.

A block blob becomes readable when its list of blocks is committed, at close. A writer that was never closed, or a process
that died before it was, leaves blocks that the storage drops after seven days.

Signs: the listing of a run that says Completed shows a blob that has uncommitted blocks only.
Near misses: a committed blob that is being written anew, which is readable in its older form; an open run, whose
writer will still commit.
Safety constraint: in a run that is open this is how every writer looks.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code
from diagnose.evidence.outputs import Outputs, names_of
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import loose_writers, output_piece, place, plural, some, status
from diagnose.rule import Cause, Finding, Step, rule


@rule(
    title="Blocks were uploaded but never committed",
    cause=Cause.UNFLUSHED_OUTPUT,
    remedy=Step(
        "Close every writer before the script ends",
        "The commit happens at close. Uncommitted blocks can be committed by hand within seven days.",
        "with fs.open(path, 'wb') as file:\n    file.write(data)",
    ),
    links=("https://learn.microsoft.com/rest/api/storageservices/put-block-list",),
)
def uncommitted_blocks(run: RunRecord, outputs: Outputs, code: Code | Missing) -> Iterator[Finding]:
    """Blobs of which only uncommitted blocks exist."""
    loose = [b for b in outputs.results if b.is_uncommitted]
    if not loose or run.phase is not Phase.COMPLETED:
        return
    size = sum(b.uncommitted_bytes or 0 for b in loose)
    yield Finding(
        headline=f"{some(map(place, loose))} {'was' if len(loose) == 1 else 'were'} uploaded but never committed, so nobody can read {'it' if len(loose) == 1 else 'them'}; close the writer, or commit the blocks within seven days.",
        story=f"{plural(len(loose), 'output')} ({size:,} bytes) exist as uncommitted blocks only. A writer commits them when it is "
        "closed, and this one never was.",
        evidence=(
            *(
                output_piece(
                    b,
                    f"{place(b)} has {b.uncommitted_bytes or 0:,} uncommitted bytes and none committed.",
                    direct=True,
                )
                for b in loose[:5]
            ),
            status(run),
            *loose_writers(code),
        ),
        mechanism="uncommitted-blocks",
        subjects=names_of(loose),
    )
