"""The glossary: what outcomes, causes, certainties, statuses and parts are called in plain words."""

from typing import Final

OUTCOMES: Final = {
    "stuck": ("Stuck", "The run is still open, and it is not getting anywhere."),
    "cut-short": ("Cut short", "The run was ended from outside."),
    "false-completion": (
        "Completed, but not done",
        "The run says Completed, but work, or the record of it, is missing, unfinished or failed.",
    ),
    "failed": ("Failed", "The run failed, and it was its own doing or nobody says otherwise."),
    "in-progress": ("In progress", "The run is open and moves at its own pace."),
    "completed": ("Completed", "The run says Completed, and nothing contradicts that."),
    "never-started": ("Never started", "The run is open, and the user's process never began."),
    "unknown": ("Unknown", "The status is not known, or nothing tells whether the run moves."),
}
"""Outcome -> its word, and what it means."""

TONES: Final = {
    "stuck": "bad",
    "cut-short": "warn",
    "false-completion": "bad",
    "failed": "bad",
    "in-progress": "info",
    "completed": "good",
    "never-started": "warn",
}
"""Outcome -> how the card is tinted; any other is plain. The word always says it as well."""

CAUSES: Final = {
    "lingering-child-process": (
        "Lingering child process",
        "what the script started holds the run open",
    ),
    "lingering-child-run": ("Lingering child run", "a child run is still open and holds its parent open"),
    "unflushed-output": ("Unflushed output", "an output was not fully written, committed or uploaded"),
    "unflushed-metrics": (
        "Unflushed metrics",
        "metrics or logs of the script never reached the service",
    ),
    "silent-error": ("Silent error", "something failed, and nothing that the service watches said so"),
    "distributed-hang": ("Distributed hang", "ranks wait for each other"),
    "resource-kill": ("Resource kill", "memory, disk, node or quota ended the work"),
    "in-process-deadlock": ("Deadlock in the process", "the main process itself is blocked for good"),
    "waiting-on-external": (
        "Waiting on something outside",
        "it waits for input, a login or a service",
    ),
    "service-side": ("Service side", "the platform holds the run or misreports it"),
    "loud-failure": ("Loud failure", "it failed in the open: exit code and error say why"),
    "still-working": ("Still working", "slow but alive"),
    "none": ("Nothing is wrong", "no sign of trouble was found"),
    "inconclusive": ("Inconclusive", "the evidence does not decide"),
}
"""Cause -> its name, and what it means, as the end of a sentence."""

HARMLESS: Final = frozenset({"none", "still-working"})
"""Causes that are no failure in a test report."""

CERTAINTIES: Final = {
    "established": ("Established", "Direct evidence names the mechanism, and nothing contradicts it."),
    "supported": (
        "Supported",
        "Several independent pieces of evidence point to it; none is direct proof.",
    ),
    "suspected": ("Suspected", "One piece of evidence points to it, or something contradicts it."),
    "none": ("Not decided", "There is too little evidence to name a cause."),
}
"""Certainty -> its word, and what the word means."""

ALL_IS_WELL: Final = {
    "established": "All that would show trouble was seen, and it shows none.",
    "supported": "Most of what would show trouble was seen, and it shows none.",
    "suspected": "Little of what would show trouble was seen; what was seen shows none.",
}
"""Certainty -> what the word means of the cause `none`."""

STATUSES: Final = {
    "NotStarted": "created, not yet sent to a compute",
    "Queued": "waiting for a compute",
    "Provisioning": "a compute is being made",
    "Preparing": "the environment is being prepared",
    "Starting": "the compute is being made ready",
    "Running": "the service waits for the user's process to end",
    "Finalizing": "the process has ended; outputs and logs are being put away",
    "NotResponding": "the service has stopped hearing from the compute",
    "Paused": "held, to go on later",
    "CancelRequested": "somebody asked for its end, and it has not ended yet",
    "Completed": "the process ended with exit code 0",
    "Failed": "the service recorded an error",
    "Canceled": "ended on request or by the service",
}
"""The service's own status -> what it means."""

PARTS: Final = {
    "run": "the run's own record",
    "children": "the child runs",
    "metrics": "the metrics",
    "outputs": "the outputs",
    "logs": "the logs",
    "code": "the source code",
    "processes": "the processes on the node",
}
"""Part of a bundle -> what it holds."""

KINDS: Final = {
    "log": "log line",
    "metric": "metric",
    "output": "output file",
    "child": "child run",
    "status": "status of the run",
    "code": "source code",
    "absence": "something that is not there",
}
"""Kind of evidence -> what one looks at."""

WRITES: Final = {
    "written": "written",
    "empty": "empty",
    "truncated": "cut off",
    "uncommitted": "uploaded, never committed",
    "unknown": "state unknown",
}
"""State of an output -> how it is told."""

CHANNELS: Final = {"log": "log line", "metric": "metric", "output": "output", "status": "status change"}
"""Channel of the last sign of life -> its name, in the order in which they are drawn."""
