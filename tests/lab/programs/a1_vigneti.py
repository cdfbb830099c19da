# Stima della resa dei vigneti (regressione lineare sulle parcelle)
import csv
import json
import logging
import os
import pathlib
import time

logging.basicConfig(level=logging.INFO, format="%(levelname)s:%(name)s:%(message)s")
log = logging.getLogger("vigneti")
DATI = pathlib.Path(os.environ["AZURE_ML_INPUT_data"])
USCITA = pathlib.Path(os.environ["AZURE_ML_OUTPUT_resa"])


def parcelle():
    for percorso in sorted(DATI.glob("parcelle/*.csv")):
        with percorso.open(newline="") as f:
            for riga in csv.DictReader(f):
                yield [float(riga["pioggia"]) / 900, float(riga["quota"]) / 400, 1.0], float(riga["resa"])


def epoca(righe, w, passo=0.05):
    scarto = 0.0
    for x, y in righe:
        e = sum(a * b for a, b in zip(w, x)) - y
        scarto += e * e
        for k in range(3):
            w[k] -= passo * e * x[k]
    return scarto / max(1, len(righe))


def main():
    righe = list(parcelle())
    log.info("parcelle caricate: %d", len(righe))
    w = [0.0, 0.0, 0.0]
    for n in range(1, 31):
        perdita = epoca(righe, w)
        time.sleep(100)
        if n % 5 == 0:
            log.info("epoca %d/30, perdita %.4f", n, perdita)
    (USCITA / "coefficienti.json").write_text(json.dumps({"pioggia": w[0], "quota": w[1], "base": w[2]}))
    log.info("coefficienti salvati")


main()
