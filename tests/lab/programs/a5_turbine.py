"""Fatigue spectra for the turbine fleet."""
import logging
import math
import os
import random
import signal
import threading
import time

log = logging.getLogger("fatigue")
logging.basicConfig(format="%(levelname).1s %(asctime)s %(name)s] %(message)s", level=logging.INFO)


class Tally:
    """Counts cycles; a summary goes to the log every half an hour, whatever the main loop does."""

    def __init__(self):
        self._lock = threading.Lock()
        self._cycles = {}

    def add(self, turbine, cycles):
        with self._lock:
            known = self._cycles.setdefault(turbine, [])
            known.extend(cycles)
            known.sort()
            # rainflow of what is there so far
            time.sleep(11)

    def summary(self, *_):
        with self._lock:
            total = sum(len(c) for c in self._cycles.values())
        log.info("so far: %d turbines, %d cycles", len(self._cycles), total)


def main():
    tally = Tally()
    signal.signal(signal.SIGALRM, tally.summary)
    signal.setitimer(signal.ITIMER_REAL, 1800, 1800)
    rng = random.Random(8)
    for turbine in range(1, 61):
        for _ in range(4):
            time.sleep(40)
            tally.add(turbine, [math.hypot(rng.gauss(0, 1), rng.gauss(0, 1)) for _ in range(200)])
        if turbine % 5 == 0:
            log.info("turbine %d of 60", turbine)
    signal.setitimer(signal.ITIMER_REAL, 0)
    tally.summary()
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_spectra"], "spectra.csv"), "w") as f:
        for turbine, cycles in tally._cycles.items():
            f.write(f"{turbine},{len(cycles)},{cycles[-1]:.4f}\n")
    log.info("spectra.csv written")


if __name__ == "__main__":
    main()
