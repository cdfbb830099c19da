"""Ends a process that uses more memory than it was given."""

import os
import signal
import sys
import time

pid, limit = int(sys.argv[1]), int(sys.argv[2])
while os.getppid() == pid:
    time.sleep(10)
    try:
        with open(f"/proc/{pid}/statm") as f:
            used = int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
    except OSError:
        break
    if used > limit:
        if "MEMWATCH_QUIET" not in os.environ:
            print(f"memwatch: process {pid} uses {used} MiB, more than its {limit} MiB: killed", file=sys.stderr, flush=True)
        os.kill(pid, signal.SIGKILL)
        break
