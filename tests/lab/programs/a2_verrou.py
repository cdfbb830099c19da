"""Recalcule l'inventaire des parcelles. Un seul calcul à la fois par millésime."""
import csv
import os
import random
import sys
import time
from datetime import datetime, timezone

BASE = os.environ["AZURE_ML_INPUT_data"]
SORTIE = os.environ["AZURE_ML_OUTPUT_parcelles"]
VERROU = os.path.join(BASE, "millesime_2026.lck")


def info(msg):
    sys.stderr.write(datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ ") + msg + "\n")


def prendre():
    while os.path.exists(VERROU):
        qui = open(VERROU).read().strip()
        info(f"millésime tenu par {qui}, nouvel essai dans 15 min")
        time.sleep(900)
    info("millésime libre")


def main():
    info("inventaire 2026, 12 communes")
    prendre()
    with open(os.path.join(SORTIE, "parcelles.csv"), "w", newline="") as f:
        w = csv.writer(f, delimiter=";")
        for commune in range(12):
            time.sleep(240)
            w.writerow([f"commune_{commune:02d}", random.Random(commune).randint(100, 900)])
            info(f"commune {commune + 1}/12")
    info("inventaire terminé")


main()
