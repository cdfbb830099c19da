"""Verknüpft Kirchenbücher: je Pfarrei eine Aufgabe, die ihre Jahrgänge an dieselben Arbeiter weitergibt."""

import json
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor

arbeiter = ThreadPoolExecutor(3)
jahrgaenge = ThreadPoolExecutor(6)


def jahrgang(pfarrei, jahr):
    zufall = random.Random(pfarrei * 1000 + jahr)
    time.sleep(zufall.uniform(30, 90))
    return zufall.randint(40, 220)


def verknuepfe(pfarrei, jahre):
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} Pfarrei {pfarrei}: {jahre} Jahrgänge", flush=True)
    teile = [jahrgaenge.submit(jahrgang, pfarrei, jahr) for jahr in range(jahre)]
    return sum(teil.result() for teil in teile)


def main():
    personen = {}
    for gruppe in ([1], [2, 3], [4], [5], [6, 7], [8], [9], [10, 11, 12], [13]):
        offen = {pfarrei: arbeiter.submit(verknuepfe, pfarrei, 5 + pfarrei) for pfarrei in gruppe}
        for pfarrei, aufgabe in offen.items():
            personen[pfarrei] = aufgabe.result()
        time.sleep(240)
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_personen"], "personen.json"), "w") as f:
        json.dump(personen, f)
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} personen.json: {len(personen)} Pfarreien", flush=True)


main()
