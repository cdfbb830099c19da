"""Hyperparameter sweep in one job: one process per trial, each logs its own curve."""
import json
import math
import multiprocessing
import os
import random
import time

RATES = [0.3, 0.1, 0.03, 0.01]
STEPS = 400
OUT = os.environ["AZURE_ML_OUTPUT_sweep"]


def trial(rate, results):
    from runmetrics import Run

    run = Run.get_context()
    rng = random.Random(str(rate))
    w, loss = 4.0, None
    for step in range(1, STEPS + 1):
        w -= rate * (2 * w + rng.gauss(0, 0.3)) * 0.1
        loss = w * w + 0.01 * rng.random()
        run.log(f"loss_lr{rate}", loss, step=step)
        time.sleep(6)
    with open(os.path.join(OUT, f"trial_lr{rate}.json"), "w") as f:
        json.dump({"rate": rate, "loss": loss, "steps": STEPS}, f)
    print(f"trial lr={rate}: {STEPS} steps, final loss {loss:.5f}", flush=True)
    results.put((loss, rate))


def main():
    results = multiprocessing.SimpleQueue()
    procs = [multiprocessing.Process(target=trial, args=(rate, results)) for rate in RATES]
    for p in procs:
        p.start()
    best = min(results.get() for _ in procs)
    for p in procs:
        p.join()
    with open(os.path.join(OUT, "best.json"), "w") as f:
        json.dump({"rate": best[1], "loss": best[0]}, f)
    print(f"sweep finished: best lr={best[1]} (loss {best[0]:.5f}), {len(procs)} trials, 0 failed", flush=True)


if __name__ == "__main__":
    main()
