# ruff: noqa: T201 - the original prints
"""Runs a script in this process as the v1 driver did, inside the context managers of azureml-core itself."""

import os
import runpy
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from azureml.history._tracking import get_history_context_manager


def say(text):
    print(f"[{datetime.now(UTC).strftime('%Y-%m-%dT%H:%M:%S.%f')}] {text}", flush=True)


def main():
    script, arguments = sys.argv[1], sys.argv[2:]
    say("Entering context manager injector.")
    print(
        "[context_manager_injector.py] Command line Options: Namespace(inject=["
        "'ProjectPythonPath:context_managers.ProjectPythonPath', "
        "'RunHistory:context_managers.RunHistory', 'TrackUserError:context_managers."
        f"TrackUserError'], invocation=['{script}'])"
    )
    print("Entering Run History Context Manager.", flush=True)
    history = get_history_context_manager(only_in_process_features=True)
    sys.argv = [script, *arguments]
    sys.path.insert(0, str(Path.cwd()))
    failed = False
    try:
        with history:
            say(f"Preparing to call script [{script}] with arguments:{arguments}")
            say(f"After variable expansion, calling script [{script}] with arguments:{arguments}")
            print(flush=True)
            failed = _call(script)
            print(flush=True)
            (Path(os.environ["LAB_MARKS"]) / "finalizing").touch()
            say(f"The experiment {'failed' if failed else 'completed successfully'}. Finalizing run...")
    except BaseException:  # noqa: BLE001 - the driver reports whatever ended the script
        failed = True
        print()
        traceback.print_exc()
        sys.stderr.flush()
    say(f"Finished context manager injector{' with Exception' if failed else ''}.")
    sys.exit(1 if failed else 0)


def _call(script):
    """Whether the script failed, which it may do by leaving with a code."""
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as stop:
        return stop.code not in (None, 0)
    return False


if __name__ == "__main__":
    main()
