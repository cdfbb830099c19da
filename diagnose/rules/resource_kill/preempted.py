"""The node was taken away: a low-priority machine was preempted, or it was lost.

Signs: the service's or the runtime's words for it, in the run's error, its warnings or the logs of the runtime. Where the status
is not known, only the runtime's words at the end of its log.
Near misses: a run that was requeued after a preemption and completed; the harmless line that a dedicated node does not
poll for preemption; a later attempt in the logs, where nobody says how the run ended.
Safety constraint: the words must be the platform's; a user's log may talk of preemption for other reasons.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.ending import Ending
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogKind, LogPattern, Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import platform_words
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Step, quote, rule

PREEMPTED = LogPattern(
    "node taken away",
    r"PreemptionError|[Nn]odes? (?:of this job )?(?:got|was|were|has been|have been) (?:pre-?empted|evicted|lost)|[Rr]eceived preempt(?:ion)? (?:signal|notice)",
    frozenset({LogKind.RUNTIME}),
)
WORDS = re.compile(
    r"(?i)\bpre-?empt(?:ed|ion)|\bevicted\b|\bnodes?\b.{0,80}\b(?:lost|unusable|unreachable|deallocated|unhealthy|rebooted|not respond\w*|disappeared|failed)\b|\blost (?:contact|connection|communication) (?:with|to)\b.{0,40}\bnode|\blow[- ]priority\b"
)


@rule(
    title="The node was taken away",
    cause=Cause.RESOURCE_KILL,
    watches=(PREEMPTED,),
    remedy=Step(
        "Run it again on dedicated nodes, or save checkpoints and let it be requeued",
        "",
        "az ml compute create --tier dedicated ...",
        "Dedicated nodes cost more.",
    ),
)
def preempted(
    run: RunRecord, ending: Ending, lifecycle: Lifecycle | Missing, logs: Logs | Missing
) -> Iterator[Finding]:
    """The platform says that it took the node."""
    if run.phase not in (Phase.FAILED, Phase.CANCELED) and not ending.is_untold:
        return
    if ending.exit_code == 0:
        return  # the process had ended by itself before the node went
    # A person's reason for a cancellation is no word of the platform.
    told = (platform_words(run), "" if run.canceled_by else run.cancel_reason or "", *run.warnings)
    words = next((text for text in told if WORDS.search(text)), None)
    again = isinstance(lifecycle, Lifecycle) and lifecycle.attempts > 1
    lines = () if isinstance(logs, Missing) else logs.matches(PREEMPTED).kept
    if ending.is_untold:
        lines = tuple(m for m in lines if not again and isinstance(logs, Logs) and logs.ends(m.path, m.line))
    if words is None and not lines:
        return
    yield Finding(
        headline="The service took the node away while the run was at work; run it again, on dedicated nodes or from a checkpoint.",
        story="The run did not end by its own doing: the platform says that it took or lost the node.",
        evidence=(
            *(
                [Evidence(EvidenceKind.STATUS, f"The service says: {words[:300]}", run.ended_at, direct=True)]
                if words
                else []
            ),
            *(quote(m, "The runtime says that the node was taken.", direct=True) for m in lines[:2]),
        ),
        mechanism="preempted",
        began_at=run.ended_at,
    )
