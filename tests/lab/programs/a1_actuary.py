"""Mortality model: cross-validation first, then one fit on everything, then a bootstrap of the tail."""
import json
import math
import os
import random
import time

from runmetrics import Run

OUT = os.environ["AZURE_ML_OUTPUT_mortality"]
run = Run.get_context()


def log(*words):
    print(time.strftime("%d %b %H:%M:%S"), *words, flush=True)


def fit(seed, rows):
    rng = random.Random(seed)
    a, b = -9.0, 0.09
    for _ in range(rows):
        age = rng.uniform(40, 95)
        died = rng.random() < 1 / (1 + math.exp(-(-10.2 + 0.105 * age)))
        p = 1 / (1 + math.exp(-(a + b * age)))
        a += 0.0005 * (died - p)
        b += 0.00001 * (died - p) * age
    return a, b


def bootstrap(draws):
    """Resamples the survivors above 85; nothing to say until the quantiles are known."""
    tails = []
    for draw in range(draws):
        a, b = fit(1000 + draw, 4000)
        tails.append(a + 95 * b)
    tails.sort()
    return tails[len(tails) // 40], tails[-len(tails) // 40]


def main():
    for fold in range(1, 6):
        a, b = fit(fold, 3000)
        time.sleep(480)
        run.log("fold_intercept", a, step=fold)
        log(f"fold {fold}/5: intercept {a:.4f} slope {b:.5f}")
    a, b = fit(0, 20000)
    with open(os.path.join(OUT, "model.json"), "w") as f:
        json.dump({"a": a, "b": b}, f)
    log("model.json written, bootstrapping the tail now (4,000 draws, one thread, usually 3 to 4 hours)")
    low, high = bootstrap(4000)
    with open(os.path.join(OUT, "tail.json"), "w") as f:
        json.dump({"low": low, "high": high}, f)
    log("tail.json written")


main()
