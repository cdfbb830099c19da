"""Schätzt ein lineares Modell; ein Thread protokolliert daneben die Auslastung."""

import json
import logging
import os
import random
import threading
import time

from runmetrics import Run

logging.basicConfig(level=logging.INFO, format="%(asctime)s [%(threadName)s] %(levelname)-8s %(message)s")
protokoll = logging.getLogger("training")


def ueberwache():
    """Schreibt alle 15 Minuten, wie viel Speicher dieser Prozess belegt."""
    while True:
        with open("/proc/self/statm") as f:
            seiten = int(f.read().split()[1])
        protokoll.info("Auslastung: %d MB belegt, Last %.2f", seiten * 4096 // 2**20, os.getloadavg()[0])
        time.sleep(900)


def trainiere(lauf, runden):
    zufall = random.Random(5)
    gewicht, bester = 0.0, float("inf")
    for runde in range(1, runden + 1):
        fehler = 0.0
        for _ in range(2000):
            x = zufall.uniform(-1, 1)
            abweichung = gewicht * x - 2.5 * x
            gewicht -= 0.01 * abweichung * x
            fehler += abweichung * abweichung
        time.sleep(110)
        fehler /= 2000
        bester = min(bester, fehler)
        lauf.log("fehler", fehler, step=runde)
        protokoll.info("Runde %d von %d: mittlerer Fehler=%.6f (bester %.6f)", runde, runden, fehler, bester)
    return gewicht


def main():
    lauf = Run.get_context()
    threading.Thread(target=ueberwache, name="Monitor").start()
    protokoll.info("Beginne das Training mit %d Runden", 36)
    gewicht = trainiere(lauf, 36)
    os.makedirs("outputs", exist_ok=True)
    ziel = os.path.join(os.environ["AZURE_ML_OUTPUT_modell"], "modell.json")
    with open(ziel, "w") as f:
        json.dump({"gewicht": gewicht}, f)
    protokoll.info("Modell gespeichert: %s", ziel)
    protokoll.info("Training erfolgreich abgeschlossen, Programm beendet sich.")


if __name__ == "__main__":
    main()
