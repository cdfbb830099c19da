"""Contrôle qualité des relevés de compteurs, avec quarantaine des lignes refusées."""
import json
import os
import random
import sys
import time

from runmetrics import Run

hasard = random.Random(55)
run = Run.get_context()
sortie = os.environ["AZURE_ML_OUTPUT_releves"]


def journal(niveau, message, **plus):
    sys.stderr.write(json.dumps({"t": round(time.time(), 3), "niveau": niveau, "msg": message, **plus}, ensure_ascii=False) + "\n")


bons, refuses = 0, 0
with open(f"{sortie}/bons.csv", "w") as fb, open(f"{sortie}/quarantaine.csv", "w") as fq:
    for lot in range(1, 41):
        time.sleep(80)
        for k in range(250):
            valeur = hasard.gauss(300, 120)
            if valeur < 20:
                refuses += 1
                journal("ERROR", "releve refuse", lot=lot, ligne=k, cause=hasard.choice(["negatif", "illisible", "doublon", "exception: ValueError"]))
                fq.write(f"{lot};{k};{valeur:.1f}\n")
            else:
                bons += 1
                fb.write(f"{lot};{k};{valeur:.1f}\n")
        if lot % 8 == 0:
            journal("CRITICAL", "seuil d'alerte atteint sur le lot, equipe prevenue", lot=lot)
        run.log("taux_erreur", refuses / (bons + refuses), step=lot)
        journal("INFO", "lot traite", lot=lot, bons=bons, refuses=refuses)
journal("INFO", "fin", bons=bons, refuses=refuses, quarantaine=refuses)
