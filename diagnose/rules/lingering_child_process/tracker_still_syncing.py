"""An experiment tracker waits at the exit for its background process to send what it has, and that does not end.

Trackers start a process or a thread of their own, and at exit they wait for it, most of them without a limit. The last
that the log says is then the tracker's own line about the waiting, whose wording the library fixes.

Signs: an open run, whose user log ends in a tracker's line that it waits for its process, its operations or its uploads, and
nothing else for a quarter of an hour; the line by which the same tracker reports the end has not come.
Near misses: the same line in the middle of a log, or followed by the tracker's summary; a sync within a quarter of an hour;
a network failure after it, which makes it a wait for the service.
Safety constraint: the tracker may still be sending a lot, slowly; never more than supported.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.afterwork import AfterWork
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogFile, LogLine, Logs
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import duration, exit_unseen, line_piece, silence
from diagnose.rule import Cause, Certainty, Finding, Step, rule

WAITING = re.compile(
    r"\bwandb: Waiting for W&B process to finish|\bwandb: [-\\|/⢿⣻⣽⣾⣷⣯⣟⡿ ]*(?:[0-9.]+ ?[KMG]?i?B of [0-9.]+ ?[KMG]?i?B uploaded|uploading\b|updating run metadata)"
    r"|Waiting for the remaining [0-9]+ operations to synchronize with Neptune|Still waiting for the remaining [0-9]+ operations"
    r"|COMET (?:INFO|WARNING): (?:Uploading .*before program termination|Waiting for completion of the file uploads|Please wait for .* to finish uploading|Still uploading [0-9]+|The Python SDK has [0-9]+ seconds to finish)"
    r"|clearml\.Task - INFO - Waiting (?:to finish uploads|for repository detection)"
)
"""What the trackers say while they wait at exit. Each wording is the library's own."""
LASTS_S = 900.0


@rule(
    title="An experiment tracker waits at the exit",
    cause=Cause.LINGERING_CHILD_PROCESS,
    remedy=(
        Step(
            "Let the tracker write to the disk, and send it later",
            "What it still holds is in its own folder on the node; copy that before the run is ended.",
            "WANDB_MODE=offline        # then: wandb sync wandb/offline-run-*",
        ),
        Step(
            "Bound its wait",
            "Most trackers have a setting for it.",
            "run.finish() in a thread that is joined with a time limit; neptune: run.stop(seconds=300)",
            "What has not been sent by then is lost unless it is synchronised later.",
        ),
    ),
    links=(
        "https://github.com/wandb/wandb/issues/4570",
        "https://github.com/wandb/wandb/issues/11179",
    ),
    inferred=True,
)
def tracker_still_syncing(
    after: AfterWork, lifecycle: Lifecycle, cadence: Cadence, logs: Logs, troubles: Troubles
) -> Iterator[Finding]:
    """A tracker's line about its waiting as the last word of an open run."""
    for file in logs.user_files if after.is_open else ():
        began = _began(file)
        if began is None or any(
            t.match.path == file.path and t.last_line > began.number for t in troubles.all
        ):
            continue
        waited = _waited(began, file, cadence)
        if waited < LASTS_S:
            continue
        yield Finding(
            headline=f"The script is done, and its experiment tracker has been waiting {duration(waited)} to send what it holds; save the tracker's folder, then end the run.",
            story="The last lines of the log are the tracker's own: at exit it waits for its background process, and that has not "
            "come to its end. The process waits for the tracker, the runtime for the process, and the run stays open.",
            evidence=(
                line_piece(began, "The tracker says that it waits, and nothing else comes after it."),
                *exit_unseen(after, lifecycle),
                *silence(cadence),
            ),
            missing=("the tracker's own log (its debug log, in its folder beside the script)",),
            mechanism="tracker-still-syncing",
            began_at=began.at,
            at_most=Certainty.SUPPORTED,
        )
        return


def _began(file: LogFile) -> LogLine | None:
    """The first of the waiting lines at the very end of a log; None where it ends in anything else."""
    began: LogLine | None = None
    for line in reversed(file.tail if file.covers_end else ()):
        if WAITING.search(line.text):
            began = line
        elif line.text.strip() not in ("", "wandb:"):
            break
    return began


def _waited(began: LogLine, file: LogFile, cadence: Cadence) -> float:
    """Seconds since the tracker began to wait; without a stamp since the log was last written."""
    since = began.at or file.modified_at or file.last_at
    if since is None or cadence.now is None:
        return cadence.silence_s or 0.0
    return (cadence.now - since).total_seconds()
