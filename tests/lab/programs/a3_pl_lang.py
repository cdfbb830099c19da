"""Second step: the long one. Three chained stages, each a while."""
import random
import time

from runmetrics import Run

run = Run.get_context()
rng = random.Random(70)
for stage in ("warmup", "anneal", "polish"):
    for it in range(1, 16):
        time.sleep(420)
        run.log(f"{stage}_nll", 5 - 0.1 * it + rng.uniform(0, 0.1), step=it)
        print(f"{stage} {it}/15", flush=True)
