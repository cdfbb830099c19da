import os
import random
import time

from runmetrics import Run

n = int(os.environ.get("TRIAL", "0"))
run, rng = Run.get_context(), random.Random(50 + n)
rounds = 14 + 10 * n
print(f"lambda={10 ** -n:g} rounds={rounds}", flush=True)
for i in range(rounds):
    time.sleep(75)
    rmse = 4 / (1 + i) ** 0.3 + rng.uniform(0, 0.05)
    run.log("rmse", rmse, step=i)
    print(f"{i}\t{rmse:.4f}", flush=True)
print("finished", flush=True)
