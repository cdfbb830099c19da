"""Writes what comes through a pipe to a file. Opened for both ways, the pipe outlives each of its feeders."""

import os
import sys

fifo, target = sys.argv[1:3]
with open(target, "w") as out:
    way = os.O_RDONLY if "--once" in sys.argv else os.O_RDWR
    with open(os.open(fifo, way)) as feed:
        for line in feed:
            out.write(line)
