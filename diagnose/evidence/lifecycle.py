"""The phases of a run as the runtime's own logs tell them: what began, what ended, when, with which exit code.

The v2 common runtime writes `lifecycler.log` and `execution-wrapper.log`, the v1 runtime `70_driver_log.txt`, and job
preparation and release logs; a pipeline step also has the service's `executionlogs.txt`. The lines were read in real
runs of 2020 to 2026. The runtime's own last lines are missing in healthy runs too, since the process that uploads the
logs is ended with the others: no line's absence after the end of the user's process is concluded from here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.logs import LogKind, LogMatch, LogPattern, Logs

RUNTIME = frozenset({LogKind.RUNTIME})
DRIVER = frozenset({LogKind.USER, LogKind.RUNTIME})
"""The v1 driver log holds the runtime's lines and the user's in one file."""

SPAWNED = LogPattern(
    "runtime spawned the user process", r"execution process spawned pid=(?P<pid>[0-9]+)", RUNTIME
)
WAITING = LogPattern(
    "runtime waits for the user process", r"start waiting for processes execution to complete", RUNTIME
)
EXIT_SEEN = LogPattern(
    "runtime collected the exit of the user process",
    r"Successfully collected the exit status of user process pid=(?P<pid>[0-9]+)",
    RUNTIME,
)
EXIT_CODE = LogPattern(
    "runtime gathered the exit code",
    r"Gathered execution result for rank [0-9]+ .*exit_code=(?P<code>-?[0-9]+)",
    RUNTIME,
)
EXIT_FAILED = LogPattern(
    "runtime saw the user process fail",
    r"Failed blocking user process detected, process name: (?P<name>[^,]{1,80}), process pid: (?P<pid>[0-9]+), code: Some\((?P<code>-?[0-9]+)\)",
    RUNTIME,
)
EXECUTION_DONE = LogPattern(
    "runtime ended the execution",
    r"process execution completed|lifecycler::executor_client: Execution completed|phase execution completed\. rank=",
    RUNTIME,
)
ENDING = LogPattern(
    "runtime ends its capabilities",
    r"\[DataCapabilityService\]\[End\] entered|Flush and shutdown output manager \(end\)|\[end\] logging run finalizing",
    RUNTIME,
)
STREAMS_AWAITED = LogPattern(
    "runtime waits for the output streams", r"state changing from [A-Za-z]+ to AwaitStreamingTasks", RUNTIME
)
V1_CALLED = LogPattern(
    "v1 driver calls the script", r"(?:Preparing to call script|calling script) \[", DRIVER
)
V1_SCRIPT_ENDED = LogPattern(
    "v1 driver saw the script end",
    r"The experiment (?P<how>completed successfully|failed)\. Finalizing run|Finished context manager injector",
    DRIVER,
)
V1_CLEANUP_BEGAN = LogPattern(
    "v1 client cleans up",
    r"Cleaning up all outstanding Run operations, waiting (?P<seconds>[0-9.]+) seconds",
    DRIVER,
)
V1_CLEANUP_ENDED = LogPattern("v1 client cleaned up", r"Cleanup took (?P<seconds>[0-9.]+) seconds", DRIVER)
V1_EXITED = LogPattern("v1 driver exits", r"Process Exiting with Code: +(?P<code>-?[0-9]+)", DRIVER)
V1_RELEASED = LogPattern("v1 job release", r"Job release is complete", RUNTIME)
SERVICE_STATUS = LogPattern(
    "service followed the job",
    r"(?:Execution status: |job runstatus is )(?P<status>[A-Za-z]{3,20})",
    RUNTIME,
)

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
            attempts=1 + len({part for f in logs.files for part in re.findall(r"/(retry_[0-9]+)/", f.path)}),
        )


def _runtime(logs: Logs) -> str | None:
    names = [f.path for f in logs.files]
    if any(name.startswith("system_logs/") or name.endswith(V2_FILES) for name in names):
        return "v2"
    driver = any("70_driver_log" in name or name.endswith("_azureml.log") for name in names)
    return "v1" if driver or logs.matches(V1_CALLED) else None


def _first(logs: Logs, *patterns: LogPattern) -> LogMatch | None:
    return min((m for p in patterns for m in logs.matches(p).kept), key=_order, default=None)


def _last(logs: Logs, pattern: LogPattern) -> LogMatch | None:
    return max(logs.matches(pattern).kept, key=_order, default=None)


def _order(match: LogMatch) -> tuple[float, str, int]:
    return (match.at.timestamp() if match.at else float("inf"), match.path, match.line)


def _exit(logs: Logs) -> LogMatch | None:
    """The line that tells the exit code: of the first process that failed, else of the first that ended."""
    told = [m for p in (EXIT_FAILED, EXIT_CODE, V1_EXITED) for m in logs.matches(p).kept]
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
    told = [m for m in logs.matches(SERVICE_STATUS).kept if m.at]
    for match, following in zip(told, [*told[1:], None], strict=False):
        if match.at:
            yield RuntimePhase(match.groups["status"], match.at, following.at if following else None)
    if spawned and spawned.at:
        yield RuntimePhase("User process", spawned.at, exited.at if exited else None)
