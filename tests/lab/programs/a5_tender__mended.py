"""Compares public tenders pairwise: one task per region, which hands its lots to the same workers."""
import faulthandler
import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

faulthandler.dump_traceback_later(7200, repeat=True, file=sys.stderr)
workers = ThreadPoolExecutor(4)
lots_pool = ThreadPoolExecutor(4)


def compare(region, lot):
    rng = random.Random(region * 100 + lot)
    time.sleep(rng.uniform(20, 60))
    return rng.random()


def one_region(region, lots):
    print(f"region {region}: {lots} lots", flush=True)
    parts = [lots_pool.submit(compare, region, lot) for lot in range(lots)]
    return max(p.result() for p in parts)


def run():
    scores = {}
    for wave, regions in enumerate(([1, 2], [3], [4, 5, 6], [7, 8, 9, 10, 11], [12]), 1):
        print(f"-- wave {wave}: regions {regions}", flush=True)
        futures = {r: workers.submit(one_region, r, 10 + r) for r in regions}
        for region, future in futures.items():
            scores[region] = future.result()
            print(f"region {region}: highest similarity {scores[region]:.3f}", flush=True)
        time.sleep(500)
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_tenders"], "similarity.csv"), "w") as f:
        f.writelines(f"{r},{s:.4f}\n" for r, s in scores.items())
    print("similarity.csv: 12 regions", flush=True)


run()
faulthandler.cancel_dump_traceback_later()
