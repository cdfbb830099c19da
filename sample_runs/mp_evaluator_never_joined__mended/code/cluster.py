"""k-means on generated points, with an evaluator process that scores every model it is sent."""

import json
import math
import multiprocessing as mp
import os
import random
import sys
import time
from datetime import datetime

OUT = os.environ["AZURE_ML_OUTPUT_clusters"]


def info(message):
    now = datetime.now()
    sys.stderr.write(f"\x1b[32m{now:%Y-%m-%d %H:%M:%S}.{now.microsecond // 1000:03d}\x1b[0m | \x1b[1mINFO    \x1b[0m | {mp.current_process().name} - {message}\n")


def evaluate(models):
    """Scores the centres that arrive in the queue."""
    rng = random.Random(99)
    points = [(rng.random(), rng.random()) for _ in range(400)]
    while True:
        item = models.get()
        if item is None:
            return
        round_, centres = item
        inertia = sum(min(math.dist(p, c) for c in centres) ** 2 for p in points)
        info(f"round {round_}: inertia on held-out points {inertia:.4f}")


def main():
    models = mp.Queue()
    evaluator = mp.Process(target=evaluate, args=(models,), name="evaluator")
    evaluator.start()
    info(f"evaluator started with pid {evaluator.pid}")
    rng = random.Random(4)
    points = [(rng.gauss(cx, 0.05), rng.gauss(cy, 0.05)) for cx, cy in [(0.2, 0.3), (0.7, 0.8), (0.9, 0.1)] for _ in range(120)]
    centres = points[:3]
    for round_ in range(1, 26):
        groups = [[] for _ in centres]
        for p in points:
            groups[min(range(3), key=lambda i: math.dist(p, centres[i]))].append(p)
        centres = [tuple(sum(v) / len(g) for v in zip(*g)) if g else rng.choice(points) for g in groups]
        time.sleep(130)
        info(f"round {round_}/25 cluster sizes {[len(g) for g in groups]}")
        models.put((round_, centres))
    with open(os.path.join(OUT, "centres.json"), "w") as f:
        json.dump(centres, f)
    time.sleep(20)
    info("centres.json saved")
    models.put(None)
    evaluator.join(timeout=600)
    info("clustering finished after 25 rounds, bye")


if __name__ == "__main__":
    main()
