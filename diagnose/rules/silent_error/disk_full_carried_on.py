"""The disk was full, a write failed, and the program went on: what it wrote since is missing or cut.

Signs: the operating system's words for a full disk or quota (`No space left on device`, errno 28) in the user's log of a
run that says Completed.
Near misses: a cleanup that made room, after which the write was repeated; a run that ended by it, which is another cause.
Safety constraint: only the system's own words count, not talk of disk space.
"""

from collections.abc import Iterator

from diagnose.evidence.logs import LogPattern, Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.troubles import Sequel, Troubles
from diagnose.pieces import plural, status
from diagnose.rule import Cause, Finding, Step, quote, rule

DISK_FULL = LogPattern(
    "disk full",
    r"No space left on device|\[Errno 28\]|OSError\(28,|\bENOSPC\b|Disk quota exceeded|\[Errno 122\]",
    before=1,
    after=3,
)


@rule(
    title="The disk was full, and the program went on",
    cause=Cause.SILENT_ERROR,
    watches=(DISK_FULL,),
    remedy=Step(
        "Write less to the node's disk, or take a larger one, and let a failed write end the script",
        "Mounted outputs are cached on the node's disk before they are uploaded.",
        "az ml compute create --size STANDARD_D16DS_V5 ...",
    ),
)
def disk_full_carried_on(run: RunRecord, logs: Logs, troubles: Troubles) -> Iterator[Finding]:
    """A full disk in the log of a run that says Completed."""
    full = logs.matches(DISK_FULL)
    if run.phase is not Phase.COMPLETED or not full:
        return
    around = [
        t
        for t in troubles.all
        if t.match.path == full.kept[0].path and t.match.line <= full.kept[-1].line <= t.last_line + 2
    ]
    if any(t.sequel in (Sequel.RECOVERED, Sequel.EXCUSED) for t in around):
        return
    first = full.kept[0]
    yield Finding(
        headline="The disk was full and the program went on; what it wrote since then is missing or cut: free space and run it again.",
        story=f"The system refused a write at line {first.line} of {first.path} ({plural(full.count, 'line')} say so). The program "
        "went on to its end, and the service says Completed.",
        evidence=(quote(first, "The system said that no space was left.", direct=True), status(run)),
        mechanism="disk-full",
        began_at=first.at,
    )
