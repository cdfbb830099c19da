"""Berechnet drei Merkmale je Kunde."""

import json
import os
import random
import sys
import time

rng = random.Random(71)
skala = 100.0 if "--skaliert" in sys.argv else 1.0
kunden = {}
for nummer in range(1, 241):
    kunden[f"k{nummer:03d}"] = [rng.uniform(0, 100) / skala for _ in range(3)]
    if nummer % 40 == 0:
        time.sleep(180)
        print(f"{nummer} Kunden berechnet", flush=True)
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_merkmale"], "merkmale.json"), "w") as f:
    json.dump(kunden, f)
