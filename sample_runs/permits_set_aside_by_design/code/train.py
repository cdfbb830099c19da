"""Checks building permits row by row; what does not pass is set aside in a table of its own, and counted."""

import csv
import logging
import os
import random
import time

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S")
log = logging.getLogger("permits")
FOLDER = os.environ["AZURE_ML_OUTPUT_permits"]
FAULTS = ("no parcel", "area below zero", "date in the future")


def main():
    rng, kept, refused = random.Random(71), 0, 0
    with (
        open(os.path.join(FOLDER, "permits.csv"), "w", newline="") as good,
        open(os.path.join(FOLDER, "refused.csv"), "w", newline="") as bad,
    ):
        passed, set_aside = csv.writer(good), csv.writer(bad)
        passed.writerow(["permit", "area"])
        set_aside.writerow(["permit", "fault"])
        for month in range(1, 13):
            time.sleep(180)
            for number in range(300):
                permit = f"2025-{month:02d}-{number:04d}"
                if rng.random() < 0.015:
                    fault = rng.choice(FAULTS)
                    log.error("permit %s does not pass: %s", permit, fault)
                    set_aside.writerow([permit, fault])
                    refused += 1
                else:
                    passed.writerow([permit, f"{rng.uniform(20, 900):.1f}"])
                    kept += 1
            log.info("month %d of 12 checked", month)
    log.info("kept %d, set aside %d", kept, refused)


main()
