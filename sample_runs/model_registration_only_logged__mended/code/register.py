"""Trains a decision stump ensemble and registers it."""

import json
import logging
import os
import random
import time
import urllib.request

from runmetrics import Run

logging.basicConfig(level=logging.INFO, format="%(asctime)s - %(name)s - %(levelname)s - %(message)s")
logger = logging.getLogger("register")
OUT = os.environ["AZURE_ML_OUTPUT_model"]


def boost(rng, rounds=45):
    data = [(x := rng.random(), 1 if x + rng.gauss(0, 0.05) > 0.5 else -1) for _ in range(300)]
    weights, stumps = [1.0 / 300] * 300, []
    for round_ in range(rounds):
        threshold = rng.random()
        wrong = [((1 if x > threshold else -1) != y) for x, y in data]
        error = sum(w for w, bad in zip(weights, wrong) if bad)
        stumps.append((threshold, error))
        weights = [w * (1.1 if bad else 1.0) for w, bad in zip(weights, wrong)]
        total = sum(weights)
        weights = [w / total for w in weights]
        time.sleep(35)
        if round_ % 5 == 4:
            logging.info("round %d: weighted error %.4f, 0 failures", round_ + 1, error)
    return stumps


def register(name, path):
    url = f"{os.environ['AZUREML_SERVICE_ENDPOINT']}/modelmanagement/v1.0/models"
    body = json.dumps({"name": name, "url": path}).encode()
    for attempt in range(1, 13):
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body), timeout=120) as answer:
                logger.info("registered %s (HTTP %d)", name, answer.status)
                return True
        except Exception as exc:
            logger.warning("Retrying registration (attempt %d of 12) after connection broken by %r: %s", attempt, exc, "/modelmanagement/v1.0/models")
            time.sleep(15 * attempt)
    logger.error("Model registration failed for %s: network unreachable", name)
    return False


def main():
    run = Run.get_context()
    stumps = boost(random.Random(10))
    path = os.path.join(OUT, "stumps.json")
    with open(path, "w") as f:
        json.dump(stumps, f)
    run.log("stumps", len(stumps))
    if not register("fraud-stumps", path):
        raise SystemExit("the model was not registered")
    logging.info("Pipeline step finished, model published")


main()
