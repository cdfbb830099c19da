"""Downloads coefficients from a service that is not quite up yet, and fits with them."""

import json
import logging
import os
import random
import time
import urllib.error
import urllib.request

from runmetrics import Run

logging.basicConfig(level=logging.INFO, format="%(levelname)s:%(name)s:%(asctime)s:%(message)s")
log = logging.getLogger("fetch")


def fetch(path, tries=8):
    for attempt in range(1, tries + 1):
        try:
            with urllib.request.urlopen(os.environ["AZUREML_SERVICE_ENDPOINT"] + path, timeout=120) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            log.error("GET %s failed: HTTP Error %d: %s (attempt %d of %d)", path, error.code, error.reason, attempt, tries)
            time.sleep(30 * 2**attempt)
    raise RuntimeError(f"{path} did not answer")


run = Run.get_context()
answer = fetch("/coefficients/v2")
log.info("got coefficients: %s", answer)
rng = random.Random(14)
value = 4.0
for step in range(1, 41):
    value -= 0.05 * value + rng.gauss(0, 0.01)
    time.sleep(45)
    run.log("value", value, step=step)
    if step % 4 == 0:
        log.info("step %d value %.4f", step, value)
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_fit"], "fit.json"), "w") as f:
    json.dump({"value": value}, f)
log.info("fit.json written, finished")
