"""Writes a feature table as twelve Parquet partitions, two at a time."""

import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.parquet as pq

OUT = os.environ["AZURE_ML_OUTPUT_features"]
PARTS = 12


def write_part(number):
    rng = random.Random(number)
    table = pa.table({
        "customer": [number * 1000 + i for i in range(400)],
        "recency": [rng.random() for _ in range(400)],
        "spend": [round(rng.expovariate(0.01), 2) for _ in range(400)],
    })
    time.sleep(60)
    pq.write_table(table, os.path.join(OUT, f"part-{number:05d}.parquet"))
    return number


def main():
    print(f"feature build: {PARTS} partitions to {OUT}", flush=True)
    pool = ThreadPoolExecutor(max_workers=2)
    pending = [pool.submit(write_part, number) for number in range(PARTS)]
    print(f"submitted {len(pending)} partitions", flush=True)
    written = [future.result() for future in pending]
    pool.shutdown(wait=True)
    print(f"Done. {len(written)} partitions written.", flush=True)


if __name__ == "__main__":
    sys.exit(main())
