"""Hyperparameter study for the demand model: random search with median pruning."""
import json
import logging
import math
import os
import random
import statistics
import time
import warnings

from runmetrics import Run

logging.basicConfig(format="[%(levelname).1s %(asctime)s,%(msecs)03d] %(message)s", level=logging.INFO, datefmt="%Y-%m-%d %H:%M:%S")
log = logging.getLogger("study")


class Pruned(Exception):
    pass


def suggest(rng):
    return {"lr": 10 ** rng.uniform(-4, 0.4), "depth": rng.randint(2, 10), "subsample": rng.uniform(0.3, 1)}


def objective(params, rng, seen):
    loss = 3.0
    for step in range(8):
        time.sleep(16)
        if params["lr"] > 1.2:
            loss = loss * loss * params["lr"]
            if loss > 1e60:
                return math.nan
        else:
            loss *= 1 - 0.25 * math.exp(-((math.log10(params["lr"]) + 1.3) ** 2)) + rng.gauss(0, 0.01)
        here = seen.setdefault(step, [])
        here.append(loss)
        if params["lr"] <= 1.2 and step > 2 and len(here) > 5 and loss > 1.3 * statistics.median(here):
            raise Pruned(f"step {step}")
    return loss


def main():
    run, rng = Run.get_context(), random.Random(17)
    seen, finished, best = {}, [], None
    counts = {"complete": 0, "pruned": 0, "failed": 0}
    log.info("A new study created in memory with name: demand-november")
    for number in range(60):
        params = suggest(rng)
        try:
            value = objective(params, rng, seen)
        except Pruned as why:
            counts["pruned"] += 1
            log.info("Trial %d pruned. %s", number, why)
            continue
        if math.isnan(value):
            counts["failed"] += 1
            log.warning("Trial %d failed with parameters: %s because of the following error: The value nan is not acceptable.", number, params)
            log.warning("Trial %d failed with value nan.", number)
            run.log("trial_value", math.nan, step=number)
            continue
        counts["complete"] += 1
        run.log("trial_value", value, step=number)
        finished.append((value, number, params))
        best = min(finished)
        log.info("Trial %d finished with value: %.6f and parameters: %s. Best is trial %d with value: %.6f.", number, value, params, best[1], best[0])
        if number % 20 == 7:
            warnings.warn("Inconsistent parameter values for distribution with name 'depth'! This might be a configuration mistake.", stacklevel=1)
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_study"], "best.json"), "w") as f:
        json.dump({"value": best[0], "trial": best[1], "params": best[2], "trials": counts}, f, indent=2)
    run.flush()
    log.info("60 trials: %s; best value %.6f", counts, best[0])


main()
