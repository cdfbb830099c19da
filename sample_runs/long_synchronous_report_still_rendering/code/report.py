"""Clusters documents, then renders a page for each in one long synchronous step."""

import logging
import os
import random
import subprocess
import sys
import time

from runmetrics import Run

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
OUT = os.environ["AZURE_ML_OUTPUT_pages"]
run = Run.get_context()
rng = random.Random(23)
for k in range(2, 12):
    inertia = 100 / k + rng.random()
    time.sleep(200)
    run.log("inertia", inertia, step=k)
    logging.info("k=%d inertia=%.3f", k, inertia)
logging.info("Clustering finished, rendering 90 pages (about five hours)")
subprocess.run([sys.executable, "render.py", "90", OUT], check=True)
logging.info("all pages rendered")
