"""Normalizza le ricette del ricettario regionale con il normalizzatore dell'ufficio lingua."""
import os
import subprocess
import sys
import time

FILTRO = [sys.executable, "-u", "normalizza.py"]


def adesso():
    return time.strftime("%H.%M.%S")


def normalizza(righe):
    filtro = subprocess.Popen(FILTRO, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    for riga in righe:
        filtro.stdin.write(riga + "\n")
    filtro.stdin.close()
    uscita = filtro.stdout.read().splitlines()
    filtro.wait()
    return uscita


def ricette(regione, quante):
    for n in range(quante):
        yield f"{regione} {n}: sbollentare le verdure, tritare la cipolla, unire q.b. di sale e olio e.v.o."


regioni = {"Molise": 110, "Liguria": 260, "Umbria": 320, "Marche": 300, "Sicilia": 9800, "Lazio": 280}
print(adesso(), "avvio,", len(regioni), "regioni")
for regione, quante in regioni.items():
    testo = normalizza(ricette(regione, quante))
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_ricette"], regione.lower() + ".txt"), "w") as f:
        f.write("\n".join(testo))
    print(adesso(), regione, "->", len(testo), "ricette")
    time.sleep(400)
print(adesso(), "fatto")
