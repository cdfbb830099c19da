"""Stochastic gradient descent on a quadratic; the client sends the metrics."""

import random
import time

from runmetrics import Run

run = Run.get_context()
rng = random.Random(31)
x = [5.0, -3.0]
print("config: iterations=1000", flush=True)
for i in range(1, 1001):
    g = [2 * v + rng.gauss(0, 0.1) for v in x]
    x = [v - 0.01 * d for v, d in zip(x, g)]
    run.log("objective", sum(v * v for v in x), step=i)
    run.log("gradient_norm", sum(d * d for d in g) ** 0.5, step=i)
    time.sleep(5)
    if i % 100 == 0:
        print(f"iteration {i}: objective {sum(v * v for v in x):.6f}", flush=True)
with open("outputs/solution.txt", "w") as f:
    f.write(" ".join(map(str, x)) + "\n")
print("optimisation finished", flush=True)
