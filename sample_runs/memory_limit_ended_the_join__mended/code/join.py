"""Joins click logs in memory, within the share of the node that the team agreed on."""

import logging
import os
import random
import resource
import time

from runmetrics import Run

logging.basicConfig(level=logging.INFO, format="%(levelname)s:%(asctime)s:%(name)s:%(message)s")
log = logging.getLogger("join")
resource.setrlimit(resource.RLIMIT_AS, (640 << 20, 640 << 20))
rng, run, tables = random.Random(99), Run.get_context(), []
for day in range(1, 15):
    table = bytearray(60 << 20)
    for _ in range(2000):
        table[rng.randrange(len(table))] = 1
    tables.append(table.count(1))  # the day's table itself is not needed any more
    time.sleep(180)
    run.log("days", day)
    log.info("day %d of 14 loaded, %d MiB in memory", day, 60 * day)
clicks = sum(tables)
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_clicks"], "clicks.txt"), "w") as f:
    f.write(f"{clicks}\n")
log.info("%d clicks", clicks)
