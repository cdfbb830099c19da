"""The disk was full, a write failed, and the program went on: what it wrote since is missing or cut.

Signs: the operating system's words for a full disk or quota (`No space left on device`, errno 28) in the user's log of a
run that says Completed.
Near misses: a cleanup that made room, after which the write was repeated; a run that ended by it, which is another cause.
Safety constraint: only the system's own words count, not talk of disk space.
"""

from collections.abc import Iterator

from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.troubles import TroubleKind, Troubles
from diagnose.pieces import status, trouble_piece
from diagnose.rule import Cause, Certainty, Finding, Step, rule


@rule(
    title="The disk was full, and the program went on",
    cause=Cause.SILENT_ERROR,
    remedy=Step(
        "Write less to the node's disk, or take a larger one, and let a failed write end the script",
        "Mounted outputs are cached on the node's disk before they are uploaded.",
        "az ml compute create --size STANDARD_D16DS_V5 ...",
    ),
)
def disk_full_carried_on(run: RunRecord, troubles: Troubles) -> Iterator[Finding]:
    """A full disk in the log of a run that says Completed."""
    if run.phase is not Phase.COMPLETED:
        return
    for trouble in [t for t in troubles.all if t.is_disk_full and not t.is_over][:1]:
        # What the program only warns of may have been a cache.
        firm = trouble.kind is not TroubleKind.WORDS
        yield Finding(
            headline="The disk was full and the program went on; what it wrote since then is missing or cut: free space and run it again.",
            story=f"The system refused a write at line {trouble.match.line} of {trouble.match.path}. The program went on to its "
            "end, and the service says Completed.",
            evidence=(
                trouble_piece(trouble, "The system said that no space was left."),
                status(run),
            ),
            mechanism="disk-full",
            began_at=trouble.at,
            # Whether the write was made up for, the log does not tell for sure.
            at_most=Certainty.SUPPORTED if firm else Certainty.SUSPECTED,
        )
