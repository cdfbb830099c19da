"""Trening sieci, spokojnie, całą noc."""

import logging
import os
import random
import time

from runmetrics import Run

logging.basicConfig(level=logging.INFO, format="%(asctime)s;%(levelname)s;%(message)s", datefmt="%Y-%m-%d %H:%M:%S")
los, run, strata = random.Random(50), Run.get_context(), 3.0
for epoka in range(1, 61):
    strata *= 0.96 + los.random() * 0.03
    time.sleep(170)
    run.log("strata", strata, step=epoka)
    logging.info("epoka %d/60 strata %.4f", epoka, strata)
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_siec"], "siec.txt"), "w") as f:
    f.writelines(f"{los.gauss(0, 1):.6f}\n" for _ in range(100))
logging.info("sieć zapisana")
