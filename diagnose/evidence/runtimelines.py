"""The lines in which the runtime's and the service's logs tell the phases of a run.

The v2 common runtime writes `lifecycler.log` and `execution-wrapper.log`, the v1 runtime `70_driver_log.txt`, and job
preparation and release logs; a pipeline step also has the service's `executionlogs.txt`. The lines were read in real
runs of 2020 to 2026.
"""

from diagnose.evidence.logs import LogKind, LogPattern

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
    r"Cleaning up all outstanding Run operations, waiting (?P<seconds>[0-9.]+(?:e-?[0-9]+)?) seconds",
    DRIVER,
)
V1_CLEANUP_ENDED = LogPattern(
    # An empty cleanup takes microseconds, which Python prints as 1.9e-06.
    "v1 client cleaned up",
    r"Cleanup took (?P<seconds>[0-9.]+(?:e-?[0-9]+)?) seconds",
    DRIVER,
)
V1_EXITED = LogPattern("v1 driver exits", r"Process Exiting with Code: +(?P<code>-?[0-9]+)", DRIVER)
V1_RELEASED = LogPattern("v1 job release", r"Job release is complete", RUNTIME)
SERVICE_STATUS = LogPattern(
    "service followed the job",
    r"(?:Execution status: |job runstatus is )(?P<status>[A-Za-z]{3,20})",
    RUNTIME,
)
