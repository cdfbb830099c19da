"""Seed lots: fit the germination curve, then score every lot in a pool of processes."""

import json
import math
import multiprocessing
import os
import random
import time

from runmetrics import Run

FOLDER = os.environ["AZURE_ML_OUTPUT_curves"]
LOTS = 9
run = Run.get_context()


def score(lot):
    rng = random.Random(lot)
    time.sleep(150)
    share = 1 / (1 + math.exp(-rng.gauss(1.6, 0.4)))
    print(f"lot {lot} scored: {share:.3f} germinated", flush=True)
    return lot, share


def main():
    rng, misfit = random.Random(8), 4.0
    for sweep in range(1, 13):
        time.sleep(60)
        misfit *= 0.8 + 0.05 * rng.random()
        run.log("misfit", misfit, step=sweep)
        print(f"sweep {sweep}: misfit {misfit:.4f}", flush=True)
    with multiprocessing.get_context("fork").Pool(3) as pool:
        shares = dict(pool.map(score, range(LOTS)))
    for lot, share in shares.items():
        run.log(f"germinated_lot_{lot}", share)
    with open(os.path.join(FOLDER, "lots.json"), "w") as file:
        json.dump(shares, file)
    print("germination curves written", flush=True)


if __name__ == "__main__":
    main()
