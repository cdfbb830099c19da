"""Starts one process for each rank, each with a log of its own, as the runtime does; and waits for all of them."""

import os
import subprocess
import sys
from pathlib import Path


def main() -> int:
    count, script = int(sys.argv[1]), sys.argv[2:]
    folder = Path(os.environ["LAB_RANK_LOGS"])
    folder.mkdir(exist_ok=True)
    started = []
    for rank in range(count):
        own = {
            "RANK": str(rank),
            "LOCAL_RANK": str(rank),
            "WORLD_SIZE": str(count),
            "MASTER_ADDR": "127.0.0.1",
        }
        with (folder / f"std_log_process_{rank}.txt").open("wb") as log:
            started.append(
                subprocess.Popen([sys.executable, *script], env={**os.environ, **own}, stdout=log, stderr=log)
            )
    codes = [process.wait() for process in started]
    return max(abs(code) for code in codes)


sys.exit(main())
