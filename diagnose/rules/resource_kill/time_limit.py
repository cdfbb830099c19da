"""The run reached its own time limit, and the service ended it.

Signs: a limit is declared and the run ended when it was up; or the service says so in the error or the reason.
Near misses: a run that ended near its limit by itself; a limit of a trial and not of the run.
Safety constraint: time alone is a suspicion; the service's words make it certain.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.ending import Ending
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import duration, platform_words
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Step, rule

WORDS = re.compile(
    r"(?i)\btime[- ]?(?:limit|out)\b|\bmax(?:imum)?[ _]?(?:run|duration|wall)\w*|\bexceeded the (?:allowed|maximum) (?:run )?time"
)


@rule(
    title="The time limit was reached",
    cause=Cause.RESOURCE_KILL,
    remedy=Step(
        "Raise the limit, or find out why it took so long",
        "",
        "limits:\n  timeout: 14400",
        "A run that hangs is then billed longer.",
    ),
)
def time_limit(run: RunRecord, ending: Ending) -> Iterator[Finding]:
    """The clock or the service says that the time was up."""
    if run.phase not in (Phase.FAILED, Phase.CANCELED):
        return
    told = ("" if run.canceled_by else run.cancel_reason or "", platform_words(run))
    words = next((text for text in told if WORDS.search(text)), None)
    took = (run.ended_at - run.started_at).total_seconds() if run.ended_at and run.started_at else None
    up = (
        run.timeout_s is not None
        and took is not None
        and run.timeout_s <= took + 15 <= run.timeout_s * 1.1 + 120
    )
    code = ending.exit_code
    # A process that ended by itself, with a code of its own, was not ended by the clock.
    by_service = run.phase is Phase.CANCELED or code is None or code < 0 or code > 128
    early = run.timeout_s is not None and took is not None and took < 0.9 * run.timeout_s
    if not by_service or early or not (words or up):
        return
    limit = f" of {duration(run.timeout_s)}" if run.timeout_s else ""
    yield Finding(
        headline=f"The run reached its time limit{limit} and the service ended it; raise the limit or find what took so long.",
        story="The service ended the run when its time was up; it did not end by itself.",
        evidence=(
            *(
                [Evidence(EvidenceKind.STATUS, f"The service says: {words[:300]}", run.ended_at, direct=True)]
                if words
                else []
            ),
            *(
                [
                    Evidence(
                        EvidenceKind.STATUS,
                        f"It ran {duration(took)}; its limit is {duration(run.timeout_s)}.",
                        run.ended_at,
                        channel="clock",
                    )
                ]
                if up and took and run.timeout_s
                else []
            ),
        ),
        mechanism="time-limit",
        began_at=run.ended_at,
    )
