"""Somebody canceled the run, and until then nothing was wrong with it.

Signs: the service says Canceled, and names who asked for it or holds their reason; the log was read whole, moved at its
own pace until then, and tells of no failure.
Near misses: a cancellation by the service's own time limit; a stuck run that was canceled because it was stuck, whose
silence before the cancellation is found by other rules.
Safety constraint: a cancellation says nothing of the work before it; without the log it stays open.
"""

from collections.abc import Iterator

from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.logs import Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.trouble.patterns import TRIED_AGAIN
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import clock
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, rule


@rule(
    title="It was canceled on purpose",
    cause=Cause.NONE,
    remedy=Step("Ask who canceled it, and submit it again if it is still wanted"),
    watches=(TRIED_AGAIN,),
    generic=True,
)
def canceled_on_purpose(
    run: RunRecord, troubles: Troubles, logs: Logs, cadence: Cadence
) -> Iterator[Finding]:
    """A cancellation of a run that was well."""
    asked = run.canceled_by or run.cancel_reason
    if run.phase is not Phase.CANCELED or not asked or not troubles.is_whole or troubles.firm:
        return
    # Attempts at the very end: it was going nowhere, whoever ended it.
    ends = {file.path: file.lines for file in logs.user_files}
    tried = [m for m in logs.matches(TRIED_AGAIN).kept if ends.get(m.path, m.line) - m.line < 12]
    if cadence.beat is not Beat.ALIVE or len(tried) > 2:
        return
    by = f" by {run.canceled_by}" if run.canceled_by else ""
    why = f": {run.cancel_reason[:200]}" if run.cancel_reason else ""
    yield Finding(
        headline=f"The run was canceled{by}{why}; until then nothing was wrong with it.",
        story=f"It worked at its own pace until it was canceled at {clock(run.ended_at)}.",
        evidence=(
            Evidence(EvidenceKind.STATUS, f"The service says Canceled{by}{why}.", run.ended_at),
            Evidence(
                EvidenceKind.LOG,
                "The log moved at its own pace until the end and tells of no failure.",
                cadence.last_at,
            ),
        ),
        mechanism="canceled-by-user",
        at_most=Certainty.SUPPORTED,
    )
