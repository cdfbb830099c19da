"""Labels images with four workers; a fifth task takes in corrections from the reviewers."""

import logging
import os
import queue
import random
import time
from concurrent.futures import ThreadPoolExecutor

from runmetrics import Run

logging.basicConfig(level=logging.INFO, format="%(asctime)s.%(msecs)03dZ %(levelname)-5s [%(threadName)s] %(message)s", datefmt="%Y-%m-%dT%H:%M:%S")
OUT = os.environ["AZURE_ML_OUTPUT_labels"]
corrections = queue.Queue()


def label(batch):
    rng = random.Random(batch)
    time.sleep(rng.uniform(150, 300))
    with open(os.path.join(OUT, f"batch-{batch:02d}.csv"), "w") as f:
        f.writelines(f"img{batch * 12 + n},{rng.choice(['cat', 'dog', 'failure', 'bird'])}\n" for n in range(12))
    logging.info("batch %02d labelled: 12 images", batch)
    return batch


def take_corrections(store):
    while True:
        if (item := corrections.get()) is None:
            return
        image, right = item
        store[image] = right


run, store = Run.get_context(), {}
pool = ThreadPoolExecutor(5, thread_name_prefix="labeller")
pool.submit(take_corrections, store)
for done in pool.map(label, range(28)):
    run.log("batches", done + 1)
logging.info("28 of 28 batches labelled, %d corrections", len(store))
corrections.put(None)
pool.shutdown()
logging.info("labelling finished")
