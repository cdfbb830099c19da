"""A long, chatty run in which nothing goes wrong."""

import json
import logging
import os
import random
import sys
import time
import warnings

from runmetrics import Run

logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(levelname)-8s [%(name)s] %(message)s", stream=sys.stdout)
log = logging.getLogger("trainer")
cache = logging.getLogger("cache")
http = logging.getLogger("urllib3.connectionpool")
OUT = os.environ["AZURE_ML_OUTPUT_model"]


def main():
    run = Run.get_context()
    rng = random.Random(55)
    warnings.warn("`artifact_path` is deprecated. Please use `name` instead.", DeprecationWarning)
    warnings.warn("error_score will raise in a future version", FutureWarning)
    log.warning("TensorRT not found, falling back to the default backend")
    log.warning("Could not load dynamic library 'libcudart.so.12'; ignore this if you do not have a GPU set up on your machine.")
    log.info("fault tolerance: max_failures=3, on_exception=retry, kill_timeout=30")
    error, misses = 0.9, 0
    for step in range(1, 601):
        error = 0.994 * error + 0.0001 * rng.random()
        time.sleep(5)
        log.debug("step %d error=%.4f grad_norm=%.3f", step, error, rng.random())
        if rng.random() < 0.1:
            misses += 1
            cache.debug("miss for key batch-%d (not an error), %d so far", step, misses)
        if step % 50 == 0:
            run.log("error", error, step=step)
            log.info("validation: 200 checks, 200 passed, 0 failed, 0 errors, error=%.3f", error)
        if step in (140, 420):
            try:
                json.loads("{broken")
            except json.JSONDecodeError:
                log.warning("record %d could not be parsed, using the default (expected for legacy rows)", step)
        if step == 300:
            http.debug("Resetting dropped connection: westeurope.api.azureml.ms")
    with open(os.path.join(OUT, "model.json"), "w") as f:
        json.dump({"error": error, "steps": 600}, f)
    with open(os.path.join(OUT, "errors.csv"), "w") as f:
        f.write("step,error\n600,%.5f\n" % error)
    log.info("saved model.json and errors.csv; failed steps: 0")
    log.info("exit handlers: killing 0 stale workers")


main()
