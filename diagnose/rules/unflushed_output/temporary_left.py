"""A writer's temporary files are still there: the rename or the commit that should have ended the write never came.

Spark and Hadoop write below `_temporary` and leave `_SUCCESS` when all is done; many programs write `NAME.tmp` and rename.

Signs: a `_temporary` folder without `_SUCCESS`, or files with a temporary name and no file of the final name, in the
complete listing of a run that says Completed.
Near misses: temporary files beside their finished twins, which a killed writer left behind and a retry replaced; names in
which `tmp` is part of a word.
Safety constraint: a temporary file next to its final one says nothing.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.outputs import Output, Outputs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import output_piece, place, some, status
from diagnose.rule import Cause, Finding, Step, rule

TEMPORARY = re.compile(
    r"(?i)(?:[.~](?:tmp|temp|partial|incomplete|inprogress|in-progress|crdownload|writing)(?:[._-]?[0-9a-z]{4,12})?|\.part|~)$"
    r"|(?<=\.[a-z0-9]{3})[_-](?:tmp|temp|partial)$|^(?:\.~|~\$|\.tmp[_.-])"
)


@rule(
    title="A temporary file was never renamed",
    cause=Cause.UNFLUSHED_OUTPUT,
    remedy=Step(
        "Rename only when the write is whole, and let a failed rename fail the script",
        "",
        "os.replace(path + '.tmp', path)",
    ),
)
def temporary_left(run: RunRecord, outputs: Outputs) -> Iterator[Finding]:
    """Temporary names without their final ones."""
    if run.phase is not Phase.COMPLETED or not outputs.is_complete:
        return
    finals = {(b.output, b.path) for b in outputs.results}
    left = [b for b in outputs.results if _is_temporary(b) and not _has_final(b, finals)]
    if not left:
        return
    yield Finding(
        headline=f"{some(map(place, left))} still has its temporary name although the run says Completed; the write was never finished: check it and write it again.",
        story="The writer meant to rename its temporary file when it was whole. That never happened, so what lies there is "
        "unfinished, or finished and not yet in its place.",
        evidence=(
            *(
                output_piece(b, f"{place(b)} has a temporary name, and no file of its final name is there.")
                for b in left[:5]
            ),
            status(run),
        ),
        mechanism="temporary-left",
        subjects=frozenset(name for b in left for name in (b.name, b.path, TEMPORARY.sub("", b.name))),
    )


def _is_temporary(blob: Output) -> bool:
    return "_temporary/" in blob.path or bool(TEMPORARY.search(blob.name))


def _has_final(blob: Output, paths: set[tuple[str, str]]) -> bool:
    if "_temporary/" in blob.path:
        return (blob.output, blob.path.split("_temporary/")[0] + "_SUCCESS") in paths
    folder, _, name = blob.path.rpartition("/")
    final = TEMPORARY.sub("", name)
    return bool(final) and (blob.output, f"{folder}/{final}" if folder else final) in paths
