"""A quota or a capacity limit of the subscription, the workspace or the cluster ended the run or kept it from its nodes.

Signs: the platform's own words for a quota or for missing capacity, in the error or the warnings of a run that failed or
was ended.
Near misses: a disk quota, which is another rule's; the user's own words, which the service quotes and which are not looked
at; a run that waits in the queue and has not failed.
Safety constraint: a recorded exit code of the user's process rules it out.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.ending import Ending
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import platform_words
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Step, rule

WORDS = re.compile(
    r"(?i)\bquota\b|\bcore limit\b|\binsufficient (?:capacity|quota|resources)|\bcapacity (?:is )?(?:not available|exceeded)|\bResourceExhausted\b|\bout of capacity\b"
)


@rule(
    title="A quota or capacity limit was reached",
    cause=Cause.RESOURCE_KILL,
    remedy=Step(
        "Ask for more quota, or take another size or region", "", "az ml compute list-usage --location REGION"
    ),
)
def quota_exceeded(run: RunRecord, ending: Ending) -> Iterator[Finding]:
    """The platform's words for a limit."""
    code = ending.exit_code
    if run.phase not in (Phase.FAILED, Phase.CANCELED) or code is not None:
        return
    words = next((text for text in (platform_words(run), *run.warnings) if WORDS.search(text)), None)
    if words is None:
        return
    yield Finding(
        headline=f"A quota or capacity limit ended the run: {words[:160]}; ask for more, or take another size or region.",
        story="The run did not end by its own doing: the platform says that a limit was reached.",
        evidence=(
            Evidence(EvidenceKind.STATUS, f"The platform says: {words[:300]}", run.ended_at, direct=True),
        ),
        mechanism="quota",
        began_at=run.ended_at,
    )
