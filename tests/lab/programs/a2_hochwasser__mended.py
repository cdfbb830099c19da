# Hochwasser-Ensemble: vier Gebiete rechnen Zeitschritt um Zeitschritt, Randwerte werden nach jedem Schritt getauscht.
import multiprocessing as mp
import os
import random
import time
from datetime import datetime

SCHRITTE = 24
GEBIETE = ["Oberlauf", "Mittellauf", "Delta", "Polder"]


def meldung(wer, was):
    print(f"{datetime.now():%d.%m. %H:%M:%S} | {wer:<10} | {was}", flush=True)


def pegel(zufall, schritt, flaeche):
    zufluss = zufall.uniform(10, 40)
    return zufluss / flaeche


def gebiet(nummer, name, schranke, pegelstand):
    zufall = random.Random(nummer)
    flaeche = 40.0 + 5 * nummer
    for schritt in range(1, SCHRITTE + 1):
        if name == "Polder":
            flaeche = max(flaeche - 5.0, 0.5)  # läuft fast trocken
        time.sleep(zufall.uniform(120, 200))
        pegelstand[nummer] = pegel(zufall, schritt, flaeche)
        schranke.wait()
        if schritt % 3 == 0 or nummer == 0:
            meldung(name, f"Schritt {schritt}/{SCHRITTE}  Pegel {pegelstand[nummer]:.3f} m")
    meldung(name, "gerechnet")


if __name__ == "__main__":
    schranke = mp.Barrier(len(GEBIETE))
    pegelstand = mp.Array("d", len(GEBIETE))
    arbeiter = [mp.Process(target=gebiet, args=(n, name, schranke, pegelstand), name=name) for n, name in enumerate(GEBIETE)]
    for a in arbeiter:
        a.start()
    meldung("Leitung", f"{len(arbeiter)} Gebiete gestartet")
    for a in arbeiter:
        a.join()
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_pegel"], "pegel.csv"), "w") as f:
        f.writelines(f"{name};{wert:.4f}\n" for name, wert in zip(GEBIETE, pegelstand))
    meldung("Leitung", "pegel.csv geschrieben")
