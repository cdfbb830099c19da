"""Prüft Olivenetiketten: der Hauptfaden reicht Bilder durch eine Schlange an den Prüfer weiter."""

import faulthandler
import json
import os
import queue
import random
import sys
import threading
import time

faulthandler.dump_traceback_later(2400, repeat=True, file=sys.stderr)
OUT = os.environ["AZURE_ML_OUTPUT_etiketten"]
BILDER = 420
offen = queue.Queue(maxsize=40)
urteile = {}


def pruefe(anzahl):
    zufall = random.Random(8)
    for _ in range(anzahl):
        nummer = offen.get()
        time.sleep(zufall.uniform(4, 14))
        urteile[nummer] = zufall.random() > 0.1


def main():
    faden = threading.Thread(target=pruefe, args=(300,))
    faden.start()
    for nummer in range(1, BILDER + 1):
        time.sleep(9)
        offen.put(nummer)
        if nummer % 20 == 0:
            print(f"<6>{nummer} von {BILDER} Bildern weitergereicht", flush=True)
    faden.join()
    with open(os.path.join(OUT, "urteile.json"), "w") as f:
        json.dump(urteile, f)
    print("<6>urteile.json geschrieben", flush=True)
    faulthandler.cancel_dump_traceback_later()


main()
