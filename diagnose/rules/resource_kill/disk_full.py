"""The disk or its quota was full, and the run ended by it.

Signs: the operating system's words for it (`No space left on device`, errno 28, a quota exceeded) are the last failure in
the log of a run that failed, or, without such a log, the last words of the program that the service keeps. Where the status is
not known, only as the log's very last words.
Near misses: a full disk that the program got over before it failed for another reason; a program that carried on and was
closed as Completed, which is a silent error.
Safety constraint: only the system's own words, in the failure that ends the log.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.ending import Ending
from diagnose.evidence.run import RunRecord
from diagnose.evidence.trouble.failure import DISK_FULL
from diagnose.evidence.troubles import Trouble, Troubles
from diagnose.pieces import stated, trouble_piece
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Step, rule


@rule(
    title="The disk was full",
    cause=Cause.RESOURCE_KILL,
    remedy=Step(
        "Write less to the node's disk, or take a larger one",
        "Mounted outputs are cached on the node's disk before they are uploaded.",
        "resources:\n  instance_type: STANDARD_D16DS_V5",
    ),
)
def disk_full(run: RunRecord, ending: Ending, troubles: Troubles | Missing) -> Iterator[Finding]:
    """A full disk as the last word of a failed run."""
    if not (ending.failed or ending.is_untold):
        return
    full = [] if isinstance(troubles, Missing) else _that_ended_it(troubles, untold=ending.is_untold)
    if not full and ending.failed and DISK_FULL.search(ending.last_words):
        words = ending.last_words[:200]
        yield Finding(
            headline="The disk was full and the run ended by it; write less to the node's disk or take a larger one.",
            story="The service keeps the last words of the program, and they are of a full disk.",
            evidence=(
                Evidence(
                    EvidenceKind.STATUS, f"The program's last words: {words}", run.ended_at, direct=True
                ),
            ),
            mechanism="disk-full",
            began_at=run.ended_at,
        )
    for trouble in full[-1:]:
        yield Finding(
            headline="The disk was full and the run ended by it; write less to the node's disk or take a larger one.",
            story=f"The system refused a write at line {trouble.match.line} of {trouble.match.path}, and that ended the program.",
            evidence=(
                trouble_piece(trouble, "The system said that no space was left.", direct=True),
                *stated(run),
            ),
            mechanism="disk-full",
            began_at=trouble.at,
        )


def _that_ended_it(troubles: Troubles, *, untold: bool) -> list[Trouble]:
    full = [
        t for t in troubles.firm_or_last if t.is_disk_full and troubles.ended_by(t.match.path, t.match.line)
    ]
    return [t for t in full if not untold or troubles.stands_last(t.match.path, t.last_line)]
