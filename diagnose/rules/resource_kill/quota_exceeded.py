"""A quota or a capacity limit of the subscription, the workspace or the cluster ended the run or kept it from its nodes.

Signs: the platform's own words for a quota or for missing capacity, in the error or the warnings of a run that failed or
was ended, or at the end of the service's own logs.
Near misses: a disk quota, which is another rule's; the user's own words, which the service quotes and which are not looked
at; a run that waits in the queue and has not failed.
Safety constraint: a recorded exit code of the user's process rules it out; where the status is not known, so does its start.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.ending import Ending
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.servicewords import DID_WELL, QUOTA_REACHED, stands
from diagnose.pieces import platform_words
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Step, quote, rule

WORDS = re.compile(
    r"(?i)\bquota\b|\bcore limit\b|\binsufficient (?:capacity|quota|resources)|\bcapacity (?:is )?(?:not available|exceeded)|\bResourceExhausted\b|\bout of capacity\b"
)


@rule(
    title="A quota or capacity limit was reached",
    cause=Cause.RESOURCE_KILL,
    watches=(QUOTA_REACHED, DID_WELL),
    remedy=Step(
        "Ask for more quota, or take another size or region", "", "az ml compute list-usage --location REGION"
    ),
)
def quota_exceeded(
    run: RunRecord, ending: Ending, lifecycle: Lifecycle | Missing, logs: Logs | Missing
) -> Iterator[Finding]:
    """The platform's words for a limit."""
    ended = run.phase in (Phase.FAILED, Phase.CANCELED)
    began = isinstance(lifecycle, Lifecycle) and lifecycle.spawned is not None
    if ending.exit_code is not None or not (ended or (run.phase is Phase.UNKNOWN and not began)):
        return
    words = next((text for text in (platform_words(run), *run.warnings) if WORDS.search(text)), None)
    lines = () if isinstance(logs, Missing) else stands(logs, QUOTA_REACHED)[:2]
    if not lines and (words is None or not ended):
        return
    told = words or lines[0].text.strip()
    yield Finding(
        headline=f"A quota or capacity limit ended the run: {told[:160]}; ask for more, or take another size or region.",
        story="The run did not end by its own doing: the platform says that a limit was reached.",
        evidence=(
            *(
                [
                    Evidence(
                        EvidenceKind.STATUS, f"The platform says: {words[:300]}", run.ended_at, direct=True
                    )
                ]
                if words
                else []
            ),
            *(quote(match, "The service's own log ends with this.", direct=True) for match in lines),
        ),
        mechanism="quota",
        began_at=run.ended_at or (lines[0].at if lines else None),
    )
