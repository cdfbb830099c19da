"""Estimates pi by darts; makes sure that every metric is delivered."""

import random
import time

from runmetrics import FlushTaskTimeout, Run

run = Run.get_context()
rng = random.Random(3)
inside = total = 0
for block in range(1, 51):
    for _ in range(4000):
        inside += rng.random() ** 2 + rng.random() ** 2 < 1
    total += 4000
    run.log("pi", 4 * inside / total, step=block)
    time.sleep(40)
    if block % 5 == 0:
        print(f"{time.ctime()}: block {block}, pi is about {4 * inside / total:.5f}", flush=True)
    if block % 10 == 0:
        while True:
            try:
                run.flush(timeout_seconds=300)
                break
            except FlushTaskTimeout:
                print(f"{time.ctime()}: metrics not delivered yet, trying again", flush=True)
with open("outputs/pi.txt", "w") as f:
    f.write(f"{4 * inside / total}\n")
print("done", flush=True)
