"""An output breaks off: its size, first and last bytes are not those of a whole file of its format.

Most formats say at the front or at the back how long they are: Parquet and ORC by a footer, the zip family by its
central directory, HDF5, npy, SQLite and safetensors by a header, JSON by its last bracket.

Signs: the end that the format demands is missing, or the length in the header is more than the size.
Near misses: formats whose end proves nothing (gzip, plain text) stay unknown and accuse nobody; a name that promises one
format and bytes that are a whole file of another; an open run, in which the file is still being written.
Safety constraint: unknown is not truncated; only bytes that cannot be a whole file of any known format count.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code
from diagnose.evidence.outputs import Outputs, names_of
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import loose_writers, output_piece, place, plural, some, status
from diagnose.rule import Cause, Finding, Step, rule


@rule(
    title="An output breaks off",
    cause=Cause.UNFLUSHED_OUTPUT,
    remedy=Step(
        "Close the writer before the script ends, and check what was written",
        "A writer used as a context manager writes its footer whatever happens.",
        "with pq.ParquetWriter(path, schema) as writer:\n    writer.write_table(table)",
    ),
)
def truncated_output(run: RunRecord, outputs: Outputs, code: Code | Missing) -> Iterator[Finding]:
    """Committed blobs that are not whole."""
    if run.phase is not Phase.COMPLETED:
        return
    cut = [b for b in outputs.results if not b.is_uncommitted and b.integrity.state == "truncated"]
    if not cut:
        return
    form = cut[0].integrity.format or "file"
    yield Finding(
        headline=f"{some(map(place, cut))} {'breaks' if len(cut) == 1 else 'break'} off before the end of the file although the run says Completed; write {'it' if len(cut) == 1 else 'them'} again.",
        story=f"The run was closed as Completed, but {plural(len(cut), 'output')} cannot be whole: {cut[0].integrity.detail}. "
        "The writer was not closed or flushed before the process ended, or the copy was cut short.",
        evidence=(
            *(output_piece(b, f"{place(b)} is cut off: {b.integrity.detail}.", direct=True) for b in cut[:5]),
            status(run),
            *loose_writers(code),
        ),
        mechanism=f"truncated-{form}",
        began_at=min((b.modified_at for b in cut if b.modified_at), default=None),
        subjects=names_of(cut),
    )
