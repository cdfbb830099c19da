"""Evolves a schedule; telemetry is drained when the program ends."""

import atexit
import queue
import random
import sys
import threading
import time
from datetime import datetime


def vlog(text):
    print(f"I{datetime.now():%m%d %H:%M:%S.%f} {threading.get_ident() % 10**6:6d} evolve.py:{sys._getframe(1).f_lineno}] {text}", flush=True)


class Telemetry:
    """Counts what is put in and what was taken out; a batch goes to a file when it is full."""

    def __init__(self, batch=16):
        self.points, self.batch, self.put_in, self.taken = queue.Queue(), batch, 0, 0
        self.drained = threading.Condition()
        threading.Thread(target=self.take, daemon=True, name="telemetry").start()
        atexit.register(self.drain)

    def add(self, point):
        self.put_in += 1
        self.points.put(point)

    def take(self):
        while True:
            batch = [self.points.get() for _ in range(self.batch)]
            with open("outputs/telemetry.txt", "a") as f:
                f.writelines(f"{point}\n" for point in batch)
            with self.drained:
                self.taken += len(batch)
                self.drained.notify_all()

    def drain(self):
        with self.drained:
            self.drained.wait_for(lambda: self.taken == self.put_in)


telemetry, rng, best = Telemetry(), random.Random(27), 900.0
for generation in range(1, 121):
    best -= rng.random() * best / 60
    time.sleep(35)
    telemetry.add(f"{generation} {best:.2f}")
    if generation % 10 == 0:
        vlog(f"generation {generation}/120 best {best:.2f} violations 0")
with open("outputs/schedule.txt", "w") as f:
    f.writelines(f"slot {slot} crew {rng.randrange(9)}\n" for slot in range(60))
vlog("schedule written")
vlog("bye")
