"""The service says that the run is at work, and the runtime has never started the user's process.

It mounts the inputs, sets up the network or starts its own helpers, and one of these does not come to an end.

Signs: the status is Running; the runtime's whole logs hold no start of the user's process, long after the run started; what
the runtime began last, a mount for instance, stands unfinished at the end of its log, or the service's own logs end in a failure
of the image or a mount.
Near misses: the first minutes of a run; logs of the runtime that were not read whole; a log of the user's own.
Safety constraint: the absence counts only where the runtime's whole logs were read.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.cadence import Cadence
from diagnose.evidence.lifecycle import Lifecycle, UserProcess
from diagnose.evidence.logs import LogKind, LogLine, Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.servicewords import DID_WELL, IMAGE_FAILED, MOUNT_FAILED, stands
from diagnose.pieces import duration, line_piece
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, quote, rule

LONG_S = 1800.0
"""Mounts take seconds, and a download of inputs may take many minutes."""
MOUNT = re.compile(r"(?i)\bmount|\bdownload|\bINPUT_")


@rule(
    title="The user's process was never started",
    cause=Cause.SERVICE_SIDE,
    watches=(IMAGE_FAILED, MOUNT_FAILED, DID_WELL),
    remedy=(
        Step(
            "Look at what the runtime began last, and at the access to it",
            "A datastore behind a firewall or without a role assignment does not answer.",
        ),
        Step("Cancel the run and submit it again", "", "az ml job cancel --name RUN"),
    ),
)
def start_never_came(run: RunRecord, cadence: Cadence, lifecycle: Lifecycle, logs: Logs) -> Iterator[Finding]:
    """Running, and not spawned for long."""
    if run.phase is not Phase.OPEN or lifecycle.process is not UserProcess.NOT_SPAWNED or cadence.now is None:
        return
    since = run.started_at or run.created_at
    if (
        since is None
        or (cadence.now - since).total_seconds() < LONG_S
        or any(f.lines for f in logs.user_files)
    ):
        return
    waited, mounts = duration((cadence.now - since).total_seconds()), _mounts(logs)
    failures = (*stands(logs, IMAGE_FAILED)[:1], *stands(logs, MOUNT_FAILED)[:1])
    what = "is still at its inputs" if mounts else "has not come to it"
    yield Finding(
        headline=f"The user's process was never started: in {waited} the runtime {what}; check the access to the inputs, cancel and submit again.",
        story=f"The service has said {run.status} for {waited}, and the runtime's logs hold no start of the user's process. Nothing in "
        "the script can be the cause.",
        evidence=(
            Evidence(
                EvidenceKind.ABSENCE,
                f"The runtime's logs hold no start of the user's process in {waited}.",
                since,
                channel="runtime",
            ),
            Evidence(EvidenceKind.STATUS, f"The service says {run.status}.", since),
            *(
                [line_piece(mounts, "This is what it was at last with the inputs.", channel="runtime")]
                if mounts
                else []
            ),
            *(
                quote(match, "The service's own log ends with this.", channel="service log")
                for match in failures
            ),
        ),
        mechanism="image-failed"
        if any(match.pattern == IMAGE_FAILED for match in failures)
        else "mount-failed"
        if failures
        else "mount-waits"
        if mounts
        else "start-waits",
        began_at=since,
        at_most=Certainty.SUPPORTED,
    )


def _mounts(logs: Logs) -> LogLine | None:
    """The last line of the data service's log, where that is about a mount or a download."""
    for file in logs.files:
        if file.kind is LogKind.RUNTIME and "/data_capability/data-capability" in file.path and file.tail:
            return file.tail[-1] if MOUNT.search(file.tail[-1].text) else None
    return None
