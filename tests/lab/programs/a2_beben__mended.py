# Erdbebenkatalog: Wellenformen -> HDF5, ein Datensatz je Station
import os
import signal
import sys
import time

import h5py
import numpy as np

ZIEL = os.path.join(os.environ["AZURE_ML_OUTPUT_wellen"], "wellen.h5")
BUDGET = 9000  # Sekunden, danach übernimmt der nächste Lauf
stationen = [f"ST{n:02d}" for n in range(30)]


def feierabend(signum, rahmen):
    print("Zeitbudget aufgebraucht, Rest im nächsten Lauf", flush=True)
    datei.close()
    sys.exit(0)


signal.signal(signal.SIGALRM, feierabend)
signal.alarm(BUDGET)
datei = h5py.File(ZIEL, "w")
datei.attrs["netz"] = "GR"
for nummer, name in enumerate(stationen):
    zufall = np.random.default_rng(nummer)
    gruppe = datei.create_group(name)
    gruppe.create_dataset("z", data=zufall.normal(size=4000).astype("f4"))
    gruppe.create_dataset("n", data=zufall.normal(size=4000).astype("f4"))
    time.sleep(200)
    print("Station", name, "abgelegt", flush=True)
datei.close()
signal.alarm(0)
print("alle Stationen abgelegt", flush=True)
