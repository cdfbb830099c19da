"""Fits a polynomial by coordinate descent."""

import os
import pickle
import random
import time

rng = random.Random(6)
xs = [i / 50 for i in range(-50, 51)]
ys = [1 - 2 * x + 3 * x**3 + rng.gauss(0, 0.05) for x in xs]
c = [0.0] * 4
for sweep in range(1, 49):
    for k in range(4):
        num = sum((y - sum(c[j] * x**j for j in range(4) if j != k)) * x**k for x, y in zip(xs, ys))
        c[k] = num / sum(x ** (2 * k) for x in xs)
    time.sleep(70)
    rss = sum((y - sum(a * x**j for j, a in enumerate(c))) ** 2 for x, y in zip(xs, ys))
    print(f"sweep {sweep:3d}  rss {rss:.5f}", flush=True)
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_model"], "poly.pkl"), "wb") as f:
    pickle.dump(c, f)
print("saved poly.pkl", flush=True)
