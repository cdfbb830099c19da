"""Optimalizace jízdních řádů: žíhání po linkách, nakonec společná tabulka."""
import json
import logging
import math
import multiprocessing
import os
import random
import time
import warnings

logging.basicConfig(level=logging.DEBUG, format="%(relativeCreated)10d %(processName)-18s %(levelname)-5s %(message)s")
log = logging.getLogger("rozvrh")
VYSTUP = os.environ["AZURE_ML_OUTPUT_rady"]


def zihani(linka):
    nahoda = random.Random(linka)
    odjezdy = [nahoda.randint(0, 59) for _ in range(12)]
    odmitnuto = 0
    for krok in range(120):
        teplota = 20 * math.exp(-krok / 30)
        navrh = list(odjezdy)
        navrh[nahoda.randrange(12)] = nahoda.randint(0, 59)
        zmena = rozestup(navrh) - rozestup(odjezdy)
        if zmena < 0 or nahoda.random() < math.exp(-zmena / teplota):
            odjezdy = navrh
        else:
            odmitnuto += 1
        if krok % 3 == 0:
            log.debug("linka %d krok %d teplota %.2f chyba %.1f (odmítnuto %d)", linka, krok, teplota, rozestup(odjezdy), odmitnuto)
        if krok % 40 == 39:
            log.warning("linka %d: pomalé ochlazování, pokračuji", linka)
        time.sleep(5)
    return {"linka": linka, "odjezdy": sorted(odjezdy), "chyba": rozestup(odjezdy)}


def rozestup(odjezdy):
    serazene = sorted(odjezdy)
    return sum(abs(b - a - 5) for a, b in zip(serazene, serazene[1:]))


def tabulka(vysledek):
    poradi = [vysledek["odjezdy"].index(60 - o) for o in vysledek["odjezdy"][:1]]
    return f"{vysledek['linka']};{','.join(map(str, vysledek['odjezdy']))};{poradi}\n"


def main():
    warnings.warn("metoda 'spawn' bude v příští verzi výchozí", DeprecationWarning)
    linky = list(range(1, 17))
    with multiprocessing.Pool(4) as pool:
        vysledky = []
        for vysledek in pool.imap(zihani, linky):
            with open(os.path.join(VYSTUP, f"linka_{vysledek['linka']:02d}.json"), "w") as f:
                json.dump(vysledek, f)
            vysledky.append(vysledek)
            log.info("linka %d hotova, chyba %.1f, zbývá %d", vysledek["linka"], vysledek["chyba"], len(linky) - len(vysledky))
        radky = pool.map(tabulka, vysledky)
    with open(os.path.join(VYSTUP, "tabulka.csv"), "w") as f:
        f.writelines(radky)
    log.info("tabulka hotova, %d linek", len(radky))


if __name__ == "__main__":
    main()
