"""Fits one rating curve for each river gauge, each in a process of its own."""

import json
import multiprocessing
import os
import random
import time

from runmetrics import Run

GAUGES = (11, 27, 42)
ROUNDS = 300
FOLDER = os.environ["AZURE_ML_OUTPUT_curves"]


def fit(gauge):
    run, rng = Run.get_context(), random.Random(gauge)
    error = 9.0
    for number in range(1, ROUNDS + 1):
        error *= 0.985 + 0.01 * rng.random()
        run.log(f"error_gauge_{gauge}", error, step=number)
        time.sleep(6)
    with open(os.path.join(FOLDER, f"gauge_{gauge}.json"), "w") as file:
        json.dump({"gauge": gauge, "error": error}, file)
    run.flush(timeout_seconds=900)
    print(f"gauge {gauge} fitted in {ROUNDS} rounds, error {error:.4f} m", flush=True)


if __name__ == "__main__":
    workers = [multiprocessing.Process(target=fit, args=(gauge,)) for gauge in GAUGES]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(f"all {len(workers)} gauges are fitted", flush=True)
