"""Retrains the card-fraud scorer every night. Owner: payments-ml."""
import json
import logging
import os
import random
import sys
import threading
import time
import warnings
from logging.handlers import QueueHandler, QueueListener
from queue import SimpleQueue

from tqdm import tqdm
from runmetrics import Run

pipe = SimpleQueue()
screen = logging.StreamHandler(sys.stdout)
screen.setFormatter(logging.Formatter("%(asctime)s %(process)d %(threadName)-12s %(levelname)-8s %(name)s: %(message)s"))
listener = QueueListener(pipe, screen)
listener.start()
logging.basicConfig(level=logging.DEBUG, handlers=[QueueHandler(pipe)])
log = logging.getLogger("fraud.nightly")
run = Run.get_context()

try:
    import cudf  # noqa: F401
except ImportError as missing:
    log.warning("GPU frames unavailable (%s), using the CPU path", missing)


def keepalive():
    while True:
        time.sleep(60)
        log.debug("keepalive: process healthy, 0 errors, 0 timeouts, deadlock detector idle")


def old_api():
    warnings.warn("fit(loss='deviance') is deprecated and will raise an error in 2.0", FutureWarning, stacklevel=2)


class Rules:
    """Names are what the analysts call them."""

    names = ("card_killed", "terminal_timeout", "connection_refused_by_issuer", "out_of_memory_chip", "failed_pin")

    def rate(self, rng):
        return {name: round(rng.uniform(0.001, 0.04), 4) for name in self.names}


def fetch(part, rng):
    for attempt in (1, 2, 3):
        if rng.random() > 0.25 or attempt == 3:
            return [rng.random() for _ in range(50)]
        log.warning("partition %d: connection reset by peer, attempt %d of 3", part, attempt)
        time.sleep(2)


def main():
    rng = random.Random(77)
    threading.Thread(target=keepalive, name="keepalive", daemon=True).start()
    rows = []
    for part in tqdm(range(120), desc="partitions", mininterval=20, file=sys.stderr):
        rows += fetch(part, rng)
        log.debug("partition %d: 50 rows, 0 failed, 0 killed", part)
        time.sleep(6)
    old_api()
    for tree in range(400):
        time.sleep(5)
        error = 0.31 / (1 + tree / 90) + rng.uniform(0, 0.004)
        log.info("tree %d error=%.4f false_negatives=%d fatal_misses=0", tree, error, rng.randint(1, 40))
        if tree % 20 == 0:
            run.log("error_rate", error, step=tree)
            log.info("rule hit rates %s", json.dumps(Rules().rate(rng)))
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_scorer"], "scorer.json"), "w") as f:
        json.dump({"trees": 400, "rows": len(rows), "error": error}, f)
    log.info("scorer.json written; 0 errors, 1 warning about a deprecated call")
    listener.stop()


main()
