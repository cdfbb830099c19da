"""Draws a small preview of each sheet."""

import sys
import time

COUNT = 40

with open(sys.argv[1], "a", buffering=1) as out:
    for sheet in range(1, COUNT + 1):
        time.sleep(45)
        out.write(f"P2 8 8 9 {' '.join(str(sheet * k % 10) for k in range(64))}\n")
        print(f"{sheet}/{COUNT} previews drawn", flush=True)
