"""The phases of a run as the runtime's own logs tell them: what began, what ended, when, with which exit code.

The runtime's own last lines are missing in healthy runs too, since the process that uploads the logs is ended with
the others: no line's absence after the end of the user's process is concluded from here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.logs import LogKind, LogMatch, LogPattern, Logs
from diagnose.evidence.runtimelines import (
    ENDING,
    EXECUTION_DONE,
    EXIT_CODE,
    EXIT_FAILED,
    EXIT_SEEN,
    SERVICE_STATUS,
    SPAWNED,
    STREAMS_AWAITED,
    V1_CALLED,
    V1_CLEANUP_BEGAN,
    V1_CLEANUP_ENDED,
    V1_EXITED,
    V1_RELEASED,
    V1_SCRIPT_ENDED,
    WAITING,
)

RETRY = re.compile(r"/(retry_[0-9]+)/")
V2_FILES = ("lifecycler.log", "execution-wrapper.log")


class UserProcess(StrEnum):
    """What the runtime's logs say of the user's process."""

    UNKNOWN = "unknown"
    """No runtime log was read, or it does not say."""
    NOT_SPAWNED = "not-spawned"
    """The runtime's whole log was read and it had not got so far."""
    RUNNING = "running"
    """It was started, and its end had not been recorded when the log was last written."""
    EXITED = "exited"


@dataclass(frozen=True, slots=True)
class RuntimePhase:
    """A stretch of time that the runtime's or the service's logs name."""

    name: str
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What the runtime did, from its logs. Times are UTC."""

    derived_from: ClassVar[tuple[type, ...]] = (Logs,)
    watches: ClassVar[tuple[LogPattern, ...]] = (
        SPAWNED,
        WAITING,
        EXIT_SEEN,
        EXIT_CODE,
        EXIT_FAILED,
        EXECUTION_DONE,
        ENDING,
        STREAMS_AWAITED,
        V1_CALLED,
        V1_SCRIPT_ENDED,
        V1_CLEANUP_BEGAN,
        V1_CLEANUP_ENDED,
        V1_EXITED,
        V1_RELEASED,
        SERVICE_STATUS,
    )

    runtime: str | None
    """`v1`, `v2`, or `None` when no runtime log was seen."""
    process: UserProcess
    pid: int | None
    exit_code: int | None
    """Of the first process that failed, else of the first that ended; `None` while unknown."""
    spawned: LogMatch | None
    exited: LogMatch | None
    execution_ended: LogMatch | None
    ending: LogMatch | None
    streams_awaited: LogMatch | None
    script_ended: LogMatch | None
    """v1: the script returned to the driver, which lives in the same process."""
    cleanup_began: LogMatch | None
    cleanup_ended: LogMatch | None
    released: LogMatch | None
    last_line_at: datetime | None
    """The runtime lived at this time: the last stamp in any of its logs."""
    phases: tuple[RuntimePhase, ...]
    attempts: int
    """Attempts that left a `retry_NNN` folder, plus one."""

    @property
    def started_at(self) -> datetime | None:
        """When the user's process began."""
        return self.spawned.at if self.spawned else None

    @property
    def ended_at(self) -> datetime | None:
        """When the user's process ended."""
        return self.exited.at if self.exited else None

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        logs = bundle.get(Logs)
        if isinstance(logs, Missing):
            return Missing("lifecycle", f"the runtime's logs: {logs.reason}", logs.remedy)
        runtime = _runtime(logs)
        spawned = _first(logs, SPAWNED, V1_CALLED)
        exited = _exit(logs)
        return cls(
            runtime=runtime,
            process=_process(logs, runtime, spawned, exited),
            pid=int(spawned.groups["pid"]) if spawned and spawned.groups.get("pid") else None,
            exit_code=int(exited.groups["code"]) if exited and exited.groups.get("code") else None,
            spawned=spawned,
            exited=exited,
            execution_ended=_first(logs, EXECUTION_DONE),
            ending=_first(logs, ENDING),
            streams_awaited=_first(logs, STREAMS_AWAITED),
            script_ended=_first(logs, V1_SCRIPT_ENDED),
            cleanup_began=_last(logs, V1_CLEANUP_BEGAN),
            cleanup_ended=_last(logs, V1_CLEANUP_ENDED),
            released=_first(logs, V1_RELEASED),
            last_line_at=max(
                (f.last_at for f in logs.files if f.kind is LogKind.RUNTIME and f.last_at), default=None
            ),
            phases=tuple(_phases(logs, spawned, exited)),
            attempts=1 + len({_attempt(f.path) for f in logs.files} - {""}),
        )


def _runtime(logs: Logs) -> str | None:
    names = [f.path for f in logs.files]
    if any(name.startswith("system_logs/") or name.endswith(V2_FILES) for name in names):
        return "v2"
    driver = any("70_driver_log" in name or name.endswith("_azureml.log") for name in names)
    return "v1" if driver or logs.matches(V1_CALLED) else None


def _first(logs: Logs, *patterns: LogPattern) -> LogMatch | None:
    return min(_told(logs, *patterns), key=_order, default=None)


def _told(logs: Logs, *patterns: LogPattern) -> list[LogMatch]:
    """The matches of the attempt that started a process last: how an earlier one ended is not how the run did."""
    last = _last(logs, SPAWNED)
    attempt = _attempt(last.path) if last else None
    found = (m for p in patterns for m in logs.matches(p).kept)
    return [m for m in found if attempt is None or _attempt(m.path) == attempt]


def _attempt(path: str) -> str:
    found = RETRY.search(path)
    return found[1] if found else ""


def _last(logs: Logs, pattern: LogPattern) -> LogMatch | None:
    return max(logs.matches(pattern).kept, key=_order, default=None)


def _order(match: LogMatch) -> tuple[float, str, int]:
    return (match.at.timestamp() if match.at else float("inf"), match.path, match.line)


def _exit(logs: Logs) -> LogMatch | None:
    """The line that tells the exit code: of the first process that failed, else of the first that ended."""
    told = _told(logs, EXIT_FAILED, EXIT_CODE, V1_EXITED)
    failed = [m for m in told if int(m.groups["code"]) != 0]
    return min(failed or told, key=_order, default=None) or _first(logs, EXIT_SEEN)


def _process(
    logs: Logs, runtime: str | None, spawned: LogMatch | None, exited: LogMatch | None
) -> UserProcess:
    if exited:
        return UserProcess.EXITED
    if spawned:
        return UserProcess.RUNNING
    wrapper = [f for f in logs.files if f.path.endswith(V2_FILES)]
    seen_whole = (
        runtime == "v2" and bool(wrapper) and logs.part.is_complete and all(f.is_whole for f in wrapper)
    )
    return UserProcess.NOT_SPAWNED if seen_whole else UserProcess.UNKNOWN


def _phases(logs: Logs, spawned: LogMatch | None, exited: LogMatch | None) -> Iterator[RuntimePhase]:
    told = sorted((m for m in logs.matches(SERVICE_STATUS).kept if m.at), key=_order)
    # The service repeats a status for as long as it lasts.
    begins = [
        m for before, m in pairwise([None, *told]) if m and (not before or _status(before) != _status(m))
    ]
    for match, following in zip(begins, [*begins[1:], None], strict=False):
        if match.at:
            yield RuntimePhase(_status(match), match.at, following.at if following else None)
    if spawned and spawned.at:
        end = exited.at if exited else None
        yield RuntimePhase("User process", spawned.at, max(end, spawned.at) if end else None)


def _status(match: LogMatch) -> str:
    return match.groups["status"]
