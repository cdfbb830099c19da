"""Stitches aerial mosaics; one bar for each sheet, drawn again and again."""

import os
import random
import sys
import time

rng = random.Random(5)
SHEETS = 14
for sheet in range(1, SHEETS + 1):
    path = os.path.join(os.environ["AZURE_ML_OUTPUT_mosaic"], f"sheet_{sheet:02}.bin")
    with open(path, "wb") as f:
        for part in range(1, 26):
            time.sleep(rng.uniform(25, 55))
            f.write(bytes(rng.randrange(256) for _ in range(2048)))
            done = "#" * (20 * part // 25)
            sys.stderr.write(f"\rsheet {sheet:02}: {4 * part:3d}%|{done:<20}| {part}/25 strips")
    sys.stderr.write("\n")
print(f"{SHEETS} sheets", flush=True)
