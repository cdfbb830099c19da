"""Agrège les mesures de chaque région, en parallèle."""

import logging
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor

logging.basicConfig(level=logging.INFO, format="%(asctime)s [%(levelname)s] %(name)s : %(message)s", datefmt="%d/%m/%Y %H:%M:%S")
journal = logging.getLogger("agregation")
SORTIE = os.environ["AZURE_ML_OUTPUT_regions"]
REGIONS = ["alsace", "bretagne", "corse", "creuse", "landes", "normandie", "picardie", "provence"]


def lire(region):
    hasard = random.Random(region)
    for jour in range(200):
        valeur = f"{hasard.uniform(-3, 31):.1f}"
        yield jour, valeur.replace(".", ",") if (region, jour) == ("landes", 140) else valeur


def agreger(region):
    mois = {}
    for jour, valeur in lire(region):
        mois.setdefault(jour // 30, []).append(float(valeur.replace(",", ".")))
        time.sleep(9)
    with open(os.path.join(SORTIE, f"{region}.csv"), "w") as f:
        f.write("mois,moyenne\n")
        f.writelines(f"{m},{sum(v) / len(v):.2f}\n" for m, v in sorted(mois.items()))
    return region


def noter(tache):
    if tache.exception():
        journal.warning("une tâche s'est terminée avec %r", tache.exception())
    else:
        journal.info("région %s agrégée", tache.result())


with ThreadPoolExecutor(max_workers=3) as equipe:
    taches = []
    for region in REGIONS:
        taches.append(equipe.submit(agreger, region))
        taches[-1].add_done_callback(noter)
        journal.info("région %s confiée à l'équipe", region)
for tache in taches:
    tache.result()
journal.info("Traitement terminé : %d régions agrégées", len(REGIONS))
