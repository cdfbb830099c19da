#!/usr/bin/env python
# Pegelkarten: interpoliert Messstellen (IDW) auf ein Raster, eine Karte je Stunde.
import json
import logging
import os
import random
import resource
import sys
import threading
import time
from pathlib import Path

logging.basicConfig(
    stream=sys.stderr,
    level=logging.INFO,
    format="%(asctime)s | %(levelname)-7s | %(threadName)-10s | %(message)s",
    datefmt="%d.%m.%Y %H:%M:%S",
)
log = logging.getLogger("pegel")

ZIEL = Path(os.environ["AZURE_ML_OUTPUT_karten"])
STELLEN = 42
RASTER = 24


class Speicherwaechter(threading.Thread):
    """Meldet sich, wenn der Prozess mehr als die erlaubten Megabyte belegt."""

    def __init__(self, grenze_mb, takt_s=180):
        super().__init__(name="speicher")
        self.grenze_mb = grenze_mb
        self.takt_s = takt_s
        self._halt = threading.Event()

    def run(self):
        while not self._halt.wait(self.takt_s):
            belegt = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            if belegt > self.grenze_mb:
                log.warning("Speicher: %.0f MB belegt, erlaubt sind %d", belegt, self.grenze_mb)

    def anhalten(self):
        self._halt.set()
        self.join()


def idw(stellen, x, y, p=2.0):
    zaehler = nenner = 0.0
    for sx, sy, wert in stellen:
        d = ((sx - x) ** 2 + (sy - y) ** 2) ** (p / 2) + 1e-6
        zaehler += wert / d
        nenner += 1 / d
    return zaehler / nenner


def karte(stunde, rng):
    stellen = [(rng.random(), rng.random(), rng.gauss(210, 35)) for _ in range(STELLEN)]
    return [[round(idw(stellen, i / RASTER, j / RASTER), 1) for j in range(RASTER)] for i in range(RASTER)]


def rechne():
    rng = random.Random(1993)
    for stunde in range(24):
        felder = karte(stunde, rng)
        time.sleep(220)
        with open(ZIEL / f"karte_{stunde:02d}.json", "w") as datei:
            json.dump({"stunde": stunde, "cm": felder}, datei)
        hoechster = max(max(zeile) for zeile in felder)
        log.info("Stunde %02d: Höchststand %.1f cm, Stellen %d (0 Ausfälle)", stunde, hoechster, STELLEN)
    with open(ZIEL / "verzeichnis.json", "w") as datei:
        json.dump(sorted(p.name for p in ZIEL.glob("karte_*.json")), datei)


def main():
    log.info("Messnetz geladen: %d Stellen, Raster %dx%d", STELLEN, RASTER, RASTER)
    log.warning("GDAL nicht gefunden, Projektion wird übersprungen (nur für den Export nach GeoTIFF nötig)")
    waechter = Speicherwaechter(grenze_mb=4000)
    waechter.start()
    try:
        rechne()
    except KeyboardInterrupt:
        log.info("auf Wunsch unterbrochen")
        waechter.anhalten()
        return 130
    log.info("24 Karten abgelegt, Verzeichnis geschrieben. Fertig.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
