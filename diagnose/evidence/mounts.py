"""What the data capability logs of the output mounts: files made, files copied to the storage, and unmounts that were held.

`rslex.log.*` in `system_logs/data_capability/`. The runtime's logs stop within 0.1 s of the end in healthy runs too, so a
copy or an unmount that is not in them may still have happened.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.logs import LogKind, LogMatch, LogPattern, Logs

RUNTIME = frozenset({LogKind.RUNTIME})
CREATED = LogPattern(
    "mount created a file",
    r"DirectVolumeMount\] create path=(?P<path>.+) mode=[0-9]+ mount_point=(?P<mount>[^ ]+)",
    RUNTIME,
)
COPIED = LogPattern(
    "mount copied a file to the storage",
    r"copied file size=(?P<size>[0-9]+) .*source_handler=\"Local\" .*destination=(?P<path>.+) duration=",
    RUNTIME,
)
ATTEMPT = LogPattern(
    "unmount was tried",
    r"unmount_with_retries\] (?:Attempt|SUCCESS on attempt) (?P<attempt>[0-9]{1,3})",
    RUNTIME,
    before=3,
)
HANDLES = LogPattern(
    "file handles were open at the unmount",
    r"destroying filesystem .*opened_file_handles=[1-9][0-9]*",
    RUNTIME,
)
HOLDERS = LogPattern("processes hold a mount", r"find_blocking_processes\] (?P<words>.+)", RUNTIME)
FRAME = ("Finding processes", "Completed finding")
"""What the search for holders says when there are none."""


@dataclass(frozen=True, slots=True)
class Mounts:
    """What became of files on mounts, and what held an unmount back."""

    derived_from: ClassVar[tuple[type, ...]] = (Logs,)
    watches: ClassVar[tuple[LogPattern, ...]] = (CREATED, COPIED, ATTEMPT, HANDLES, HOLDERS)

    uncopied: tuple[LogMatch, ...]
    """Files that were created on an output's mount, and of which no copy with any byte is logged after that. Empty
    where there were too many to keep them all."""
    held: tuple[LogMatch, ...]
    """Lines that tell of open files or of holders at the unmount of an output."""
    retried: tuple[LogMatch, ...]
    """Unmounts of outputs that needed more than one attempt."""

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        logs = bundle.get(Logs)
        if isinstance(logs, Missing):
            return Missing("the logs of the mounts", logs.reason, logs.remedy)
        named = (m for m in logs.matches(HOLDERS).kept if not m.groups["words"].startswith(FRAME))
        return cls(
            uncopied=tuple(_uncopied(logs)),
            held=tuple(m for m in (*logs.matches(HANDLES).kept, *named) if not _is_input(m)),
            retried=tuple(
                m for m in logs.matches(ATTEMPT).kept if int(m.groups["attempt"]) > 1 and not _is_input(m)
            ),
        )


def _uncopied(logs: Logs) -> Iterator[LogMatch]:
    created, copied = logs.matches(CREATED), logs.matches(COPIED)
    if created.count > len(created.kept) or copied.count > len(copied.kept):
        return
    for match in created.kept:
        later = (
            c for c in copied.kept if c.groups["path"] == match.groups["path"] and c.groups["size"] != "0"
        )
        if not any(_follows(match, copy) for copy in later):
            yield match


def _follows(earlier: LogMatch, later: LogMatch) -> bool:
    return earlier.at is None or later.at is None or later.at >= earlier.at


def _is_input(match: LogMatch) -> bool:
    """An input that is held loses nothing; the mount is named in the line, or in those before it."""
    return any("/INPUT_" in text for text in (match.text, *(line.text for line in match.before)))


def mount_of(match: LogMatch) -> str:
    """The output that a line is about, by the last part of its mount point; empty where it does not say."""
    return match.text.partition("mount_point=")[2].partition(" ")[0].rstrip("/").rpartition("/")[2]
