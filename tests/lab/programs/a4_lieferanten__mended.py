"""Tagesabschluss: Lieferantenrechnungen einlesen, prüfen, je Lieferant eine CSV ablegen."""
import csv
import os
import random
import sys
import time
from decimal import Decimal
from pathlib import Path

from loguru import logger

logger.remove()
logger.add(sys.stderr, format="{time:YYYY-MM-DD HH:mm:ss.SSS} | {level: <8} | {name}:{function}:{line} - {message}", colorize=False)

ABLAGE = Path(os.environ["AZURE_ML_OUTPUT_abschluss"])
STEUER = {"voll": Decimal("0.19"), "ermaessigt": Decimal("0.07"), "innergem.": Decimal("0")}


def rechnungen(nr):
    rng = random.Random(nr)
    for i in range(rng.randint(30, 90)):
        satz = "voll" if rng.random() < 0.8 else "ermaessigt"
        if nr in (117, 131, 138) and i == 20:
            satz = "innergem."
        yield {"beleg": f"R{nr}-{i:04d}", "netto": Decimal(rng.randint(900, 950000)) / 100, "satz": satz}


def brutto(zeile):
    return (zeile["netto"] * (1 + STEUER[zeile["satz"]])).quantize(Decimal("0.01"))


def abschliessen(nr):
    zeilen = [(z["beleg"], z["netto"], z["satz"], brutto(z)) for z in rechnungen(nr)]
    time.sleep(55)
    with open(ABLAGE / f"lieferant_{nr}.csv", "w", newline="") as f:
        schreiber = csv.writer(f, delimiter=";")
        schreiber.writerow(["beleg", "netto", "satz", "brutto"])
        schreiber.writerows(zeilen)
    return len(zeilen)


def main():
    nummern = range(101, 149)
    logger.info("Tagesabschluss {} Lieferanten", len(nummern))
    gesamt = 0
    for nr in nummern:
        gesamt += abschliessen(nr)
        logger.debug("Lieferant {}: abgelegt", nr)
    logger.info("{} Belege verbucht", gesamt)
    logger.success("Tagesabschluss beendet")


if __name__ == "__main__":
    main()
