"""Legge registri di bordo: le pagine vanno a un gruppo di processi, un filo salva i conteggi."""

import csv
import multiprocessing
import os
import random
import threading
import time

serratura = threading.Lock()
conteggi = {"pagine": 0, "righe": 0}


def conta(righe):
    with serratura:
        conteggi["pagine"] += 1
        conteggi["righe"] += righe


def salva():
    while True:
        with serratura:
            time.sleep(45)  # il disco condiviso è lento
            with open("conteggi.txt", "w") as f:
                f.write(repr(conteggi))
        time.sleep(5)


def leggi(pagina):
    caso = random.Random(pagina)
    time.sleep(caso.uniform(10, 30))
    righe = caso.randint(12, 60)
    conta(righe)
    return pagina, righe


def main():
    print("registri da leggere: 6", flush=True)
    threading.Thread(target=salva, daemon=True).start()
    time.sleep(20)
    tutte = []
    for registro in range(1, 7):
        with multiprocessing.Pool(2) as gruppo:
            tutte += gruppo.map(leggi, range(registro * 100, registro * 100 + 30), chunksize=1)
        print(f"registro {registro} letto, {len(tutte)} pagine", flush=True)
        time.sleep(120)
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_registri"], "righe.csv"), "w", newline="") as f:
        csv.writer(f).writerows(tutte)
    print("righe.csv scritto", flush=True)


if __name__ == "__main__":
    main()
