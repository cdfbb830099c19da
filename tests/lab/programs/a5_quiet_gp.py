# Gaussian process emulator; quiet on purpose, the curves are in the workspace
import logging
import os
import random
import time

from runmetrics import Run

logging.basicConfig(level=logging.ERROR)
logging.info("starting")
run, rng = Run.get_context(), random.Random(13)
elbo = -9000.0
for it in range(1, 2001):
    time.sleep(60)
    elbo += abs(elbo) * rng.uniform(0, 0.004)
    if it % 6 == 0:
        run.log("elbo", elbo, step=it)
    if it % 30 == 0:
        run.log("lengthscale", rng.lognormvariate(0, 0.2), step=it)
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_emulator"], "gp.txt"), "w") as f:
    f.write(f"{elbo}\n")
