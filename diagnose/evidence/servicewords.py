"""The service's own words for its failure, in the logs that it writes itself: of the image's build, of preparation, of the step."""

from diagnose.evidence.logs import LogKind, LogMatch, LogPattern, Logs

RUNTIME = frozenset({LogKind.RUNTIME})
IMAGE_FAILED = LogPattern(
    "the image failed",
    r"^Docker image build failed|^(?:[0-9/]+ [0-9:]+ )?failed to run step ID: |^Run ID: \w+ failed after |\bImage build failed\b"
    r"|\bAzureMLCompute job failed\. ?\w*(?:Image|Registry|Container)\w*:|\bFailed(?:PullingImage|LoginToImageRegistry|StartingContainer)\b",
    RUNTIME,
)
MOUNT_FAILED = LogPattern(
    "a mount failed",
    r"\bAZFMountError\b|\bAzureMLCompute job failed\. ?\w*Mount\w*:|\bDataset\w*Mount\w*Exception\b|\bunable to mount Azure File\b|\bCould not mount Azure File Share\b",
    RUNTIME,
)
QUOTA_REACHED = LogPattern(
    "a quota was reached",
    r"\b\w*(?:Exceeds?|Reached)\w*CoreQuota\w*|\b\w*CoreQuota(?:Exceeded|Reached)\w*|\bquota of [0-9]+ and is less than\b|\bQuotaExceeded\b",
    RUNTIME,
)
DID_WELL = LogPattern(
    "the image was made",
    r"^Successfully (?:built|tagged) |Successfully executed container: |Successfully pushed image|^Run ID: \w+ was successful after ",
    RUNTIME,
)
LAST = 40
"""Lines from the end of a log within which a failure is its end."""


def stands(logs: Logs, pattern: LogPattern) -> tuple[LogMatch, ...]:
    """The matches at the end of their logs, unless an image was made after them: what lies before it was tried again."""
    kept = []
    for match in logs.matches(pattern).kept:
        file = logs.file(match.path)
        well = any(m.path == match.path and m.line > match.line for m in logs.matches(DID_WELL).kept)
        if file is not None and file.covers_end and file.lines - match.line <= LAST and not well:
            kept.append(match)
    return tuple(kept)
