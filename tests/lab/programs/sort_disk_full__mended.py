"""Sorts trips by start time with runs on the local disk, and merges them."""

import heapq
import os
import random
import time
from datetime import datetime

OUT = os.environ["AZURE_ML_OUTPUT_trips"]


def log(text, level="INFO"):
    print(f"{datetime.now():%Y-%m-%d %H:%M:%S} | {level:<7} | sort:main - {text}", flush=True)


def main():
    rng, runs = random.Random(77), []
    os.makedirs("runs", exist_ok=True)  # the large disk
    for number in range(9):
        trips = sorted((rng.randrange(86400), rng.randrange(10**6)) for _ in range(900))
        path = os.path.join("runs", f"run{number}.txt")
        time.sleep(240)
        with open(path, "w") as f:
            f.writelines(f"{start} {trip}\n" for start, trip in trips)
        runs.append(path)
        log(f"run {number} sorted: {len(trips)} trips, {os.path.getsize(path)} bytes")
    log("merging 9 runs")
    with open(os.path.join(OUT, "trips.txt"), "w") as f:
        for number, line in enumerate(heapq.merge(*map(open, runs), key=lambda line: int(line.split()[0]))):
            f.write(line)
    log(f"{number + 1} trips in order", "SUCCESS")


main()
