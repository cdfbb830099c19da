"""Seed lots: fits the germination curve, first on all lots, then on the late ones in a process of its own."""

import json
import multiprocessing
import os
import random
import time

from runmetrics import Run

FOLDER = os.environ["AZURE_ML_OUTPUT_curves"]
COARSE, FINE = 12, 40
run = Run.get_context()


def sweep(epoch, misfit, rng):
    time.sleep(60)
    return misfit * (0.85 + 0.05 * rng.random())


def refine(misfit, rng, answers):
    for epoch in range(COARSE + 1, FINE + 1):
        misfit = sweep(epoch, misfit, rng)
        answers.put((epoch, misfit))
        print(f"epoch {epoch}: misfit of the late lots {misfit:.5f}", flush=True)
    answers.put((None, misfit))


def main():
    rng, misfit = random.Random(8), 4.0
    for epoch in range(1, COARSE + 1):
        misfit = sweep(epoch, misfit, rng)
        run.log("misfit", misfit, step=epoch)
        print(f"epoch {epoch}: misfit {misfit:.5f}", flush=True)
    forks = multiprocessing.get_context("fork")
    answers = forks.SimpleQueue()
    child = forks.Process(target=refine, args=(misfit, rng, answers))
    child.start()
    for epoch, misfit in iter(answers.get, None):
        if epoch is None:
            break
        run.log("late_misfit", misfit, step=epoch)
    child.join()
    with open(os.path.join(FOLDER, "lots.json"), "w") as file:
        json.dump({"misfit": misfit}, file)
    print("germination curves written", flush=True)


if __name__ == "__main__":
    main()
