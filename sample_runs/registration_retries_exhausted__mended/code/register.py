"""Fits a small regression and registers it."""

import json
import os
import random
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime

from runmetrics import Run

OUT = os.environ["AZURE_ML_OUTPUT_model"]
TRIES = 4


def log(level, event, **fields):
    stamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    print(json.dumps({"timestamp": stamp, "level": level, "event": event, **fields}), file=sys.stderr, flush=True)


def register(name):
    url = os.environ["AZUREML_SERVICE_ENDPOINT"] + "/modelmanagement/v1.0/models"
    request = urllib.request.Request(url, json.dumps({"name": name}).encode())
    for attempt in range(1, TRIES + 1):
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                log("info", "model_registered", model=name, status=answer.status, attempt=attempt)
                return True
        except urllib.error.URLError as exc:
            log("warning", "registration_attempt_failed", attempt=attempt, of=TRIES, reason=str(exc))
            time.sleep(300 * 2 ** (attempt - 1))
    log("error", "registration_given_up", model=name, attempts=TRIES)
    return False


def main():
    rng, run = random.Random(44), Run.get_context()
    slope = intercept = 0.0
    log("info", "start", rows=2000, lr=0.05)
    for epoch in range(1, 25):
        for _ in range(50):
            x = rng.random()
            error = slope * x + intercept - (3 * x + 1 + rng.gauss(0, 0.1))
            slope, intercept = slope - 0.05 * error * x, intercept - 0.05 * error
        time.sleep(50)
        run.log("slope", slope, step=epoch)
        log("info", "epoch_done", epoch=epoch, slope=round(slope, 4), error=round(abs(error), 4))
    with open(os.path.join(OUT, "line.json"), "w") as f:
        json.dump({"slope": slope, "intercept": intercept}, f)
    if not register("price-line"):
        sys.exit("the model could not be registered")
    log("info", "finished", duration="ok")


main()
