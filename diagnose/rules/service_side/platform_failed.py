"""The service says Failed, and it was the platform that failed: image, mount, node or quota, before or beside the script.

Signs: the run failed, no failure of the user's process is recorded, and the platform's own words name an image, an
environment, a mount, a data asset or an internal error; or the exit code is 0 all the same; or the runtime's whole log
ends before the user's process began.
Near misses: a script that failed by itself, whose exit code is recorded; the user's own words, which the service quotes in
its error message and which are not looked at.
Safety constraint: a recorded exit code other than 0 rules it out.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.ending import Ending
from diagnose.evidence.lifecycle import Lifecycle, UserProcess
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import platform_words
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Source, Step, quote, rule

WORDS = re.compile(
    r"(?i)\bimage\b|\bdocker\b|\bcontainer registry\b|\bpull(?:ing|ed)?\b|\benvironment (?:build|image)|\bmount(?:ing|ed)?\b|\bdata ?(?:asset|store|capability)\b"
    r"|\bprovision|\bServiceError\b|\bInternal(?:Server)?Error\b|\binternal error\b|\bsystem error\b|\bplatform\b|\bunable to start\b|\bfailed to (?:start|create|initiali[sz]e)"
)


@rule(
    title="The platform failed, not the script",
    cause=Cause.SERVICE_SIDE,
    remedy=(
        Step(
            "Mend what the platform names, and submit the run again",
            "An image, a permission on a data asset, a mount.",
        ),
        Step("If it names itself, open a support case with the run's id"),
    ),
)
def platform_failed(run: RunRecord, ending: Ending, lifecycle: Lifecycle | Missing) -> Iterator[Finding]:
    """Failed by the platform's words, or against the exit code."""
    if run.phase is not Phase.FAILED:
        return
    known = None if isinstance(lifecycle, Missing) else lifecycle
    code = ending.exit_code
    if code:
        return
    words = platform_words(run)
    named = words if WORDS.search(words) else None
    never = known is not None and known.process is UserProcess.NOT_SPAWNED
    if not named and code != 0 and not never:
        return
    exited = known.exited if known else None
    yield Finding(
        headline=f"The platform failed, not the script{f': {words[:160]}' if words else ''}; mend what it names and submit the run again.",
        story="The service says Failed, and no failure of the user's process is recorded"
        + (": it ended with 0." if code == 0 else ": it never began." if never else "."),
        evidence=(
            *(
                [
                    Evidence(
                        EvidenceKind.STATUS,
                        f"The platform says: {words[:300]}",
                        run.ended_at,
                        Source("run.json", None, words[:500]),
                    )
                ]
                if words
                else []
            ),
            *([quote(exited, "The runtime recorded exit code 0.")] if exited and code == 0 else []),
            *(
                [
                    Evidence(
                        EvidenceKind.ABSENCE,
                        "The runtime's log ends before the user's process began.",
                        channel="runtime",
                    )
                ]
                if never
                else []
            ),
        )
        or (Evidence(EvidenceKind.STATUS, "The service says Failed and the exit code is 0.", run.ended_at),),
        mechanism="failed-against-exit-code" if code == 0 else _named(words),
        began_at=run.ended_at,
    )


MECHANISMS = (
    (
        "image-failed",
        re.compile(
            r"(?i)\bimage\b|\bdocker\b|\bcontainer registry\b|\bpull(?:ing|ed)?\b|\benvironment build"
        ),
    ),
    ("mount-failed", re.compile(r"(?i)\bmount(?:ing|ed)?\b|\bdata ?(?:asset|store|capability)\b")),
    (
        "provisioning-failed",
        re.compile(r"(?i)\bprovision|\bunable to start\b|\bfailed to (?:start|create|initiali[sz]e)"),
    ),
)
"""What of the platform failed, by its own words; the first that is named counts."""


def _named(words: str) -> str:
    return next((name for name, told in MECHANISMS if told.search(words)), "platform-failure")
