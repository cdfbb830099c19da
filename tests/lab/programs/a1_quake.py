"""Small-magnitude event detector. One file, three steps: picks, fit, card."""
import csv
import json
import math
import os
import random
import sys
import time

OUT = os.environ["AZURE_ML_OUTPUT_detector"]
PICKS = os.path.join(OUT, "picks.csv")


def picks():
    rng = random.Random(1906)
    stations = ["HKAI", "MORO", "PELA", "SUND", "TERN"]
    with open(PICKS, "w", newline="") as f:
        rows = csv.writer(f)
        rows.writerow(["station", "sta_lta", "snr_db", "event"])
        for k in range(600):
            event = rng.random() < 0.3
            rows.writerow([rng.choice(stations), round(rng.gauss(4 if event else 2, 1), 3), round(rng.gauss(9 if event else 5, 2), 2), int(event)])
            if k % 100 == 99:
                time.sleep(120)
                print(f"picks: {k + 1}/600", flush=True)


def fit():
    with open(PICKS, newline="") as f:
        rows = list(csv.DictReader(f))
    print(f"fit: {len(rows)} picks", flush=True)
    w = [0.0, 0.0, 0.0]
    for epoch in range(1, 13):
        loss = 0.0
        for row in rows:
            x = [float(row["sta_lta"]) / 4, float(row["snr"]) / 9, 1.0]
            p = 1 / (1 + math.exp(-sum(a * b for a, b in zip(w, x))))
            y = int(row["event"])
            loss -= math.log(p if y else 1 - p)
            w = [a + 0.05 * (y - p) * b for a, b in zip(w, x)]
        time.sleep(180)
        print(f"fit: epoch {epoch} loss {loss / len(rows):.4f}", flush=True)
    with open(os.path.join(OUT, "detector.json"), "w") as f:
        json.dump(w, f)


def card():
    time.sleep(60)
    with open(os.path.join(OUT, "CARD.md"), "w") as f:
        f.write("# Event detector\n\nNetwork: 5 stations. Features: STA/LTA ratio, signal to noise.\n")
    print("card: CARD.md written", flush=True)


{"picks": picks, "fit": fit, "card": card}[sys.argv[1]]()
