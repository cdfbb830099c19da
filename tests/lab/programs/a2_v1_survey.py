"""Weights the household survey; optional map plot needs a package that not every image has."""
import random
import threading
import time

from runmetrics import Run

run = Run.get_context()
rng = random.Random(12)
beats = []


def beat():
    while True:
        time.sleep(30)
        beats.append(time.time())


threading.Thread(target=beat, daemon=True).start()
weights = [rng.uniform(0.5, 2) for _ in range(500)]
for it in range(40):
    time.sleep(50)
    total = sum(weights)
    weights = [w * 500 / total for w in weights]
    weights = [w + rng.uniform(-0.01, 0.01) for w in weights]
    run.log("max_weight", max(weights), step=it)
    if it % 8 == 7:
        print("raking iteration", it + 1, "max weight %.3f" % max(weights))
try:
    import geopandas  # noqa: F401
except ModuleNotFoundError:
    print("Traceback suppressed: geopandas is not installed, map skipped (as configured)")
with open("outputs/weights.csv", "w") as f:
    f.writelines("%.5f\n" % w for w in weights)
print("weights.csv written")
