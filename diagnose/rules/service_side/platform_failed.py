"""The service says Failed, and it was the platform that failed: image, mount, node or quota, before or beside the script.

Signs: the run failed, no failure of the user's process is recorded, and the platform's own words, in the run's error or at the
end of the service's own logs, name an image, an environment, a mount, a data asset or an internal error; or the exit code is
0 all the same; or the runtime's whole log ends before the user's process began.
Near misses: a script that failed by itself, whose exit code is recorded; the user's own words, which the service quotes in
its error message and which are not looked at; a build of an image that failed and was made again; a mount that was tried again.
Safety constraint: a recorded exit code other than 0 rules it out; where the status is not known only the service's own logs
speak, and a start of the user's process rules it out.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.ending import Ending
from diagnose.evidence.lifecycle import Lifecycle, UserProcess
from diagnose.evidence.logs import LogMatch, Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.servicewords import DID_WELL, IMAGE_FAILED, MOUNT_FAILED, stands
from diagnose.pieces import platform_words
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Source, Step, quote, rule

WORDS = re.compile(
    r"(?i)\bimage\b|\bdocker\b|\bcontainer registry\b|\bpull(?:ing|ed)?\b|\benvironment (?:build|image)|\bmount(?:ing|ed)?\b|\bdata ?(?:asset|store|capability)\b"
    r"|\bprovision|\bServiceError\b|\bInternal(?:Server)?Error\b|\binternal error\b|\bsystem error\b|\bplatform\b|\bunable to start\b|\bfailed to (?:start|create|initiali[sz]e)"
)


@rule(
    title="The platform failed, not the script",
    cause=Cause.SERVICE_SIDE,
    watches=(IMAGE_FAILED, MOUNT_FAILED, DID_WELL),
    remedy=(
        Step(
            "Mend what the platform names, and submit the run again",
            "An image, a permission on a data asset, a mount.",
        ),
        Step("If it names itself, open a support case with the run's id"),
    ),
)
def platform_failed(
    run: RunRecord, ending: Ending, lifecycle: Lifecycle | Missing, logs: Logs | Missing
) -> Iterator[Finding]:
    """Failed by the platform's words, or against the exit code."""
    known = None if isinstance(lifecycle, Missing) else lifecycle
    code = ending.exit_code
    told = _told(logs)
    if run.phase is Phase.UNKNOWN and (not told or (known and known.spawned)):
        return
    if run.phase not in (Phase.FAILED, Phase.UNKNOWN) or code:
        return
    words = platform_words(run)
    named = words if WORDS.search(words) else None
    never = known is not None and known.process is UserProcess.NOT_SPAWNED
    if not named and not told and code != 0 and not never:
        return
    spoken = named or (told[0][1].text.strip() if told else words)
    yield Finding(
        headline=f"The platform failed, not the script{f': {spoken[:160]}' if spoken else ''}; mend what it names and submit the run again.",
        story=("The service says Failed, and no failure" if run.phase is Phase.FAILED else "No failure")
        + " of the user's process is recorded"
        + (": it ended with 0." if code == 0 else ": it never began." if never else "."),
        evidence=tuple(_pieces(run, words, known, told, never))
        or (Evidence(EvidenceKind.STATUS, "The service says Failed and the exit code is 0.", run.ended_at),),
        mechanism="failed-against-exit-code"
        if code == 0
        else _named(words if named or not told else "") or (told[0][0] if told else "platform-failure"),
        began_at=run.ended_at or (told[0][1].at if told else None),
    )


def _told(logs: Logs | Missing) -> list[tuple[str, LogMatch]]:
    """What the service's own logs end with, and which mechanism that names."""
    if isinstance(logs, Missing):
        return []
    kinds = (("image-failed", IMAGE_FAILED), ("mount-failed", MOUNT_FAILED))
    return [(name, match) for name, pattern in kinds for match in stands(logs, pattern)[:1]]


def _pieces(
    run: RunRecord, words: str, lifecycle: Lifecycle | None, told: list[tuple[str, LogMatch]], never: bool
) -> Iterator[Evidence]:
    if words:
        source = Source("run.json", None, words[:500])
        yield Evidence(EvidenceKind.STATUS, f"The platform says: {words[:300]}", run.ended_at, source)
    for _, match in told:
        yield quote(match, "The service's own log ends with this.", channel="service log")
    if lifecycle and lifecycle.exited and lifecycle.exit_code == 0:
        yield quote(lifecycle.exited, "The runtime recorded exit code 0.")
    if never:
        summary = "The runtime's log ends before the user's process began."
        yield Evidence(EvidenceKind.ABSENCE, summary, channel="runtime")


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


def _named(words: str) -> str | None:
    return next((name for name, told in MECHANISMS if told.search(words)), None)
