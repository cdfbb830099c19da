"""A quota or a capacity limit of the subscription, the workspace or the cluster ended the run or kept it from its nodes.

Signs: the platform's own words for a quota or for missing capacity, in the error or the warnings of a run that failed or
was ended; or the name of a quota's error at the end of the service's own log, also where the status is not known.
Near misses: a disk quota, which is another rule's; the user's own words, which the service quotes and which are not looked
at; a run that waits in the queue and has not failed.
Safety constraint: a recorded exit code of the user's process rules it out.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.ending import Ending
from diagnose.evidence.logs import LogKind, LogMatch, LogPattern, Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import platform_words
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Step, quote, rule

WORDS = re.compile(
    r"(?i)\bquota\b|\bcore limit\b|\binsufficient (?:capacity|quota|resources)|\bcapacity (?:is )?(?:not available|exceeded)|\bResourceExhausted\b|\bout of capacity\b"
)

IN_LOGS = LogPattern(
    "quota error of the service",
    r"\b[A-Za-z]*CoreQuota\b|\bQuotaExceeded\b|\bquota of [0-9]+ and is less than|exceed(?:s|ed|ing)? (?:the )?(?:approved )?[A-Za-z ]{0,30}[Cc]ores? [Qq]uota",
    frozenset({LogKind.RUNTIME}),
)


@rule(
    watches=(IN_LOGS,),
    title="A quota or capacity limit was reached",
    cause=Cause.RESOURCE_KILL,
    remedy=Step(
        "Ask for more quota, or take another size or region", "", "az ml compute list-usage --location REGION"
    ),
)
def quota_exceeded(run: RunRecord, ending: Ending, logs: Logs | Missing) -> Iterator[Finding]:
    """The platform's words for a limit."""
    ended = run.phase in (Phase.FAILED, Phase.CANCELED) or ending.is_untold
    if not ended or ending.exit_code is not None:
        return
    told = next((text for text in (platform_words(run), *run.warnings) if WORDS.search(text)), None)
    line = None if isinstance(logs, Missing) else _line(logs)
    words = told or (line.text.strip() if line else None)
    if words is None:
        return
    yield Finding(
        headline=f"A quota or capacity limit ended the run: {words[:160]}; ask for more, or take another size or region.",
        story="The run did not end by its own doing: the platform says that a limit was reached.",
        evidence=(
            *(
                [Evidence(EvidenceKind.STATUS, f"The platform says: {told[:300]}", run.ended_at, direct=True)]
                if told
                else []
            ),
            *([quote(line, "The service's log names a limit.", direct=True)] if line else []),
        ),
        mechanism="quota",
        began_at=run.ended_at,
    )


def _line(logs: Logs) -> LogMatch | None:
    """The service's word at the end of its own log: what it tried again after stands before that."""
    return next((m for m in logs.matches(IN_LOGS).kept if logs.ends(m.path, m.line)), None)
