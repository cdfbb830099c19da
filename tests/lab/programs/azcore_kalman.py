"""Tunes a Kalman filter by random search; one metric point a trial."""

import random
import time

from azureml.core import Run

run = Run.get_context()
rng = random.Random(9)
signal = [0.0]
for _ in range(119):
    signal.append(signal[-1] + rng.gauss(0, 1))
observed = [s + rng.gauss(0, 2) for s in signal]


def error(q, r):
    x, p, total = 0.0, 1.0, 0.0
    for z, s in zip(observed, signal):
        p += q
        k = p / (p + r)
        x, p = x + k * (z - x), (1 - k) * p
        total += (x - s) ** 2
    return (total / len(signal)) ** 0.5


best, chosen = 1e9, (1.0, 1.0)
print("random search over 1500 trials", flush=True)
for trial in range(1, 1501):
    q, r = 10 ** rng.uniform(-2, 1), 10 ** rng.uniform(-1, 2)
    if trial > 1250:  # the rest is a local search, on the cheap
        q, r = chosen[0] * rng.uniform(0.9, 1.1), chosen[1] * rng.uniform(0.9, 1.1)
    rmse = error(q, r)
    if rmse < best:
        best, chosen = rmse, (q, r)
    run.log("rmse", rmse, step=trial)
    time.sleep(0.18 if trial <= 1250 else 0)
    if trial % 50 == 0:
        print(f"trial {trial}: best rmse {best:.4f}", flush=True)
run.log("best_rmse", best)
with open("outputs/filter.txt", "w") as f:
    f.write(f"{best:.6f}\n")
print(f"done, best rmse {best:.4f}", flush=True)
