"""Fits, saves, and then evaluates on a file whose columns are not what they were."""

import csv
import json
import logging
import os
import random
import time

from runmetrics import Run

logging.basicConfig(level=logging.INFO, format="%(asctime)s.%(msecs)03d %(levelname).1s %(name)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S")
log = logging.getLogger("heart")
DATA, OUT = os.environ["AZURE_ML_INPUT_data"], os.environ["AZURE_ML_OUTPUT_model_output"]


def evaluate(model):
    with open(os.path.join(DATA, "test.csv"), newline="") as f:
        rows = list(csv.DictReader(f))
    return sum(float(row["target"]) == round(model["bias"]) for row in rows) / len(rows)


def main():
    run = Run.get_context()
    rng = random.Random(1)
    model = {"bias": 0.0}
    for epoch in range(1, 31):
        model["bias"] += 0.03 * (0.55 - model["bias"]) + rng.gauss(0, 0.001)
        time.sleep(60)
        run.log("bias", model["bias"], step=epoch)
        log.info("epoch=%d bias=%.4f", epoch, model["bias"])
    with open(os.path.join(OUT, "model.json"), "w") as f:
        json.dump(model, f)
    with open(os.path.join(OUT, "features.txt"), "w") as f:
        f.write("age\nsex\nchol\n")
    log.info("model.json and features.txt saved")
    log.info("accuracy on the test set: %.3f", evaluate(model))
    log.info("done")


if __name__ == "__main__":
    main()
