"""Fits a ridge regression by gradient descent and hands the predictions to the report builder."""

import csv
import json
import logging
import os
import random
import subprocess
import sys
import time
import warnings

from runmetrics import Run

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
log = logging.getLogger("train")
OUT = os.environ["AZURE_ML_OUTPUT_model"]
EPOCHS = 40


def make_data(rows, rng):
    weights = [1.5, -2.0, 0.7, 0.0, 3.1]
    for _ in range(rows):
        x = [rng.gauss(0, 1) for _ in weights]
        yield x, sum(a * b for a, b in zip(weights, x)) + rng.gauss(0, 0.1)


def epoch_of(weights, data, rate=0.02, alpha=1e-3):
    loss = 0.0
    for x, y in data:
        error = sum(a * b for a, b in zip(weights, x)) - y
        loss += error * error
        weights = [w - rate * (error * v + alpha * w) for w, v in zip(weights, x)]
    return weights, loss / len(data)


def main():
    rng = random.Random(11)
    run = Run.get_context()
    data = list(make_data(600, rng))
    warnings.warn("the 'squared' argument is deprecated and will be removed in 2.0", FutureWarning)
    log.info("loaded %d rows, %d features", len(data), 5)
    weights = [0.0] * 5
    for epoch in range(1, EPOCHS + 1):
        weights, loss = epoch_of(weights, data)
        time.sleep(85 + rng.random() * 20)
        run.log("train_loss", round(loss, 6), step=epoch)
        log.info("epoch %d/%d train_loss=%.5f lr=0.02", epoch, EPOCHS, loss)
        if epoch % 10 == 0:
            with open(os.path.join(OUT, f"weights-{epoch:03d}.json"), "w") as f:
                json.dump(weights, f)
            log.info("checkpoint weights-%03d.json written", epoch)
    with open(os.path.join(OUT, "predictions.csv"), "w", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(["row", "prediction"])
        for i, (x, _) in enumerate(data[:200]):
            writer.writerow([i, round(sum(a * b for a, b in zip(weights, x)), 5)])
    log.info("wrote 200 predictions to %s", OUT)
    subprocess.run([sys.executable, "report.py", OUT, "--once"], check=True, timeout=3600)
    log.info("report builder has finished")
    run.log("final_loss", round(loss, 6))
    log.info("Training finished. Total epochs: %d, final loss %.5f", EPOCHS, loss)


if __name__ == "__main__":
    main()
