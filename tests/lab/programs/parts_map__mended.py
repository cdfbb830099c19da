"""Splits customers into parts and scores each, eight at a time."""

import json
import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

OUT = os.environ["AZURE_ML_OUTPUT_scored"]
PARTS = 20


def log(event, **fields):
    print(json.dumps({"ts": datetime.now(UTC).timestamp(), "lvl": "INFO", "msg": event, **fields}), flush=True)


def customers(part):
    rng = random.Random(part)
    for number in range(30):
        yield {"id": part * 30 + number, "age": None if (part, number) == (13, 23) else rng.randint(18, 90)}


def score(part):
    rows = []
    for customer in customers(part):
        time.sleep(24)
        rows.append(f"{customer['id']},{1 / (1 + (customer['age'] or 45) / 40):.4f}\n")
    with open(os.path.join(OUT, f"part-{part:05d}.csv"), "w") as f:
        f.write("id,score\n")
        f.writelines(rows)
    log("part scored", part=part, rows=len(rows))


log("scoring", parts=PARTS, workers=4)
with ThreadPoolExecutor(4) as pool:
    list(pool.map(score, range(PARTS)))  # raises what a part raised
log("scoring finished", parts=PARTS)
sys.exit(0)
