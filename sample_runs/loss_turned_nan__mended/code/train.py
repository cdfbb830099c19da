"""Fits a quadratic regression by gradient descent, with a warm-up of the learning rate."""

import json
import os
import random
import time

from runmetrics import Run

OUT = os.environ["AZURE_ML_OUTPUT_weights"]
RATE, GROWTH = 0.001, 1.1


def main():
    rng, run = random.Random(36), Run.get_context()
    rows = [(x := rng.uniform(-4, 4), 2 * x * x - x + rng.gauss(0, 0.1)) for _ in range(64)]
    a, b, rate = 0.01, 0.01, RATE
    print("64 rows, warm-up from", RATE)
    for step in range(1, 201):
        da = db = loss = 0.0
        for x, y in rows:
            error = a * x * x + b * x - y
            loss += error * error / 64
            da, db = da + error * x * x / 64, db + error * x / 64
        a, b = a - rate * da, b - rate * db
        rate = min(rate * GROWTH, 0.01)
        if loss != loss:
            raise SystemExit("the loss is not a number")
        time.sleep(24)
        run.log("train_loss", loss, step=step)
        if step % 10 == 0:
            print(f"step {step:4d} | loss {loss:.6g} | lr {rate:.4g}")
    with open(os.path.join(OUT, "weights.json"), "w") as f:
        json.dump({"a": a, "b": b}, f)
    print("training complete, weights.json saved")


main()
