# ruff: noqa: T201 - the original prints
"""Runs a script in this process, as the v1 driver did, and prints that driver's lines as far as it gets."""

import os
import runpy
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import runmetrics


def say(text):
    print(f"[{datetime.now(UTC).strftime('%Y-%m-%dT%H:%M:%S.%f')}] {text}", flush=True)


def refresh_tokens():
    """The daemon thread whose `Time to expire` lines tell that this process lives."""
    began = time.monotonic()
    while True:
        left = 604800 - (time.monotonic() - began)
        runmetrics._record(f"azureml.core.authentication|DEBUG|Time to expire {left} seconds")
        time.sleep(30)


def mark(name):
    """Tells the lab's service side what the driver reports to run history."""
    (Path(os.environ["LAB_MARKS"]) / name).touch()


def main():
    script, arguments = sys.argv[1], sys.argv[2:]
    say("Entering context manager injector.")
    print(
        "[context_manager_injector.py] Command line Options: Namespace(inject=["
        "'ProjectPythonPath:context_managers.ProjectPythonPath', "
        "'RunHistory:context_managers.RunHistory', 'TrackUserError:context_managers."
        f"TrackUserError'], invocation=['{script}'])"
    )
    print(f"Starting the daemon thread to refresh tokens in background for process with pid = {os.getpid()}")
    threading.Thread(target=refresh_tokens, daemon=True).start()
    print("Entering Run History Context Manager.")
    say(f"Preparing to call script [{script}] with arguments:{arguments}")
    say(f"After variable expansion, calling script [{script}] with arguments:{arguments}")
    print(flush=True)
    run = runmetrics.Run.get_context()
    sys.argv = [script, *arguments]
    sys.path.insert(0, str(Path.cwd()))
    failed = False
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as stop:
        failed = stop.code not in (None, 0)
    except BaseException:  # noqa: BLE001 - the driver reports whatever ended the script
        import traceback  # noqa: PLC0415

        failed = True
        print()
        traceback.print_exc()
        sys.stderr.flush()
    print(flush=True)
    mark("finalizing")
    say(f"The experiment {'failed' if failed else 'completed successfully'}. Finalizing run...")
    run._cleanup(900.0)
    say(
        "Finished context manager injector."
        if not failed
        else "Finished context manager injector with Exception."
    )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
