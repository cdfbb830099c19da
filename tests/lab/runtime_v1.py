"""The v1 runtime's logs: what surrounded the driver, which itself prints inside the script's process."""

from datetime import UTC, datetime

from .seen import Evidence

WORKING = "azureml.history._tracking.PythonWorkingDirectory.workingdir"


def logs(seen: Evidence) -> dict[str, tuple[bytes, float]]:
    """Path -> (content, lab time of the last line). Job release only where the run got that far."""
    node = f"tvmps_{seen.names.job}{seen.names.environment}_{'p' if seen.sample.priority == 'low' else 'd'}"
    t0 = seen.clock.t0
    made: dict[str, tuple[bytes, float]] = {
        f"azureml-logs/65_job_prep-{node}.txt": (_preparation(t0).encode(), t0 - 6),
        "azureml-logs/70_driver_log.txt": _driver(seen),
    }
    for name, data in seen.sdk_logs.items():
        made[f"logs/azureml/{name}"] = (data, seen.main_exit or seen.captured)
    if seen.tree_end is not None:
        released = seen.tree_end + 2
        made[f"azureml-logs/75_job_post-{node}.txt"] = (_release(released).encode(), released + 2.1)
        made["logs/azureml/job_release_azureml.log"] = (
            f"{_python(released + 0.2)}|{WORKING}|DEBUG|Calling pyfs\n".encode(),
            released + 0.2,
        )
    return made


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def _go(at: float, text: str) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y/%m/%d %H:%M:%S ") + text + "\n"


def _python(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S,%f")[:-3]


def _preparation(t0: float) -> str:
    return (
        f"Entering job preparation. Current time:{_iso(t0 - 11)}\n"
        f"Starting job preparation. Current time:{_iso(t0 - 10)}\n"
        "Extracting the control code.\n"
        f"Job preparation is complete. Current time:{_iso(t0 - 6)}\n"
    )


def _release(at: float) -> str:
    return (
        f"Entering job release. Current time:{_iso(at)}\n"
        f"Starting job release. Current time:{_iso(at + 0.9)}\n"
        "Logging experiment finalizing status in history service.\n"
        f"Job release is complete. Current time:{_iso(at + 2.1)}\n"
    )


def _driver(seen: Evidence) -> tuple[bytes, float]:
    """Go lines of the node's agent, what the script's process printed, and the exit, if there was one."""
    t0 = seen.clock.t0
    text = _go(t0 - 3, "Starting App Insight Logger for task:  runTaskLet")
    text += _go(t0 - 3, "Attempt 1 of http call to http://10.0.0.5:16384/sendlogstoartifacts/info")
    text += _go(t0 - 3, "Attempt 1 of http call to http://10.0.0.5:16384/sendlogstoartifacts/status")
    data, last = text.encode() + seen.log, seen.log_modified
    if seen.main_exit is None:
        return data, last
    if not data.endswith(b"\n"):
        data += b"\n"
    at, end = seen.main_exit, ""
    if seen.exit_code:
        end += _go(at, f"Failed to run the wrapper cmd with err: exit status {seen.exit_code}")
    end += _go(at, "Attempt 1 of http call to http://10.0.0.5:16384/sendlogstoartifacts/status")
    end += _go(at + 1, "Not exporting to RunHistory as the exporter is either stopped or there is no data.")
    end += "Stopped: false\n"
    end += _go(at + 1, f"Process Exiting with Code:  {seen.exit_code}")
    return data + end.encode(), at + 1
