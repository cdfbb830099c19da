"""Leest gescande facturen, haalt bedragen eruit en schrijft één csv."""
import multiprocessing
import os
import random
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import datetime

STAP = 40


def lees(nummer):
    time.sleep(STAP + nummer % 5)
    return nummer, random.Random(nummer).randint(500, 90000) / 100


def bewaak(postvak):
    """Nieuwe facturen die tijdens de run binnenkomen."""
    gezien = 0
    while True:
        factuur = postvak.get()
        if factuur is None:
            return gezien
        gezien += 1


def logregel(tekst):
    print(f"{datetime.now().isoformat(sep=' ', timespec='seconds')}  {tekst}", flush=True)


def main():
    beheer = multiprocessing.Manager()
    postvak = beheer.Queue()
    pool = ProcessPoolExecutor(max_workers=3)
    wacht = pool.submit(bewaak, postvak)
    taken = [pool.submit(lees, n) for n in range(60)]
    bedragen = {}
    for n, taak in enumerate(as_completed(taken), 1):
        nummer, bedrag = taak.result()
        bedragen[nummer] = bedrag
        if n % 15 == 0:
            logregel(f"{n} facturen gelezen")
    pad = os.path.join(os.environ["AZURE_ML_OUTPUT_facturen"], "facturen.csv")
    with open(pad, "w") as f:
        for nummer in sorted(bedragen):
            f.write(f"{nummer};{bedragen[nummer]:.2f}\n")
    logregel(f"facturen.csv klaar, totaal {sum(bedragen.values()):.2f}")


if __name__ == "__main__":
    main()
