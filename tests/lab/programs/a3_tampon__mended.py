import csv
import math
import os
import random
import time

from runmetrics import Run


class Journal:
    """Regroupe les mesures par cinquante : le service n'aime pas les petits envois."""

    def __init__(self, run, taille=50):
        self.run, self.taille, self.attente = run, taille, []

    def noter(self, pas, **valeurs):
        self.attente.append((pas, valeurs))
        if len(self.attente) >= self.taille:
            self.vider()

    def vider(self):
        for pas, valeurs in self.attente:
            for nom, valeur in valeurs.items():
                self.run.log(nom, valeur, step=pas)
        self.attente.clear()


def entrainer(journal, n=92):
    hasard = random.Random(3)
    historique = []
    for pas in range(1, n + 1):
        time.sleep(75)
        perte = 0.9 * math.exp(-pas / 25) + 0.12 + hasard.gauss(0, 0.01)
        exactitude = 1 - perte / 2
        journal.noter(pas, perte=perte, exactitude=exactitude)
        historique.append((pas, perte, exactitude))
        if pas % 4 == 0:
            print("pas %d/%d perte=%.4f exactitude=%.4f" % (pas, n, perte, exactitude))
    return historique


def main():
    print(">>> tri des fromages par odeur, nez electronique v4")
    journal = Journal(Run.get_context())
    historique = entrainer(journal)
    journal.vider()
    dossier = os.environ["AZURE_ML_OUTPUT_nez"]
    with open(os.path.join(dossier, "courbe.csv"), "w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["pas", "perte", "exactitude"])
        w.writerows(historique)
    with open(os.path.join(dossier, "poids.bin"), "wb") as f:
        f.write(random.Random(4).randbytes(40000))
    print(">>> termine : %d pas, exactitude finale %.4f" % (len(historique), historique[-1][2]))


main()
