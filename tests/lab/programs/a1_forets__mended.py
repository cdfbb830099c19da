"""Forêts aléatoires sur les relevés de placettes : entraînement et export du modèle.

usage : forets.py [DOSSIER_DE_SORTIE] [NOMBRE_D_ARBRES]
"""
import json
import random
import sys
import time
from pathlib import Path


def lire_arguments():
    sortie = Path(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1] else Path("resultats")
    arbres = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    return sortie, arbres


def placettes(n, alea):
    for _ in range(n):
        altitude, pente, pluie = alea.uniform(200, 1900), alea.uniform(0, 40), alea.uniform(500, 1800)
        essence = "sapin" if altitude > 900 and pluie > 900 else "hetre" if altitude > 600 else "chene"
        yield [altitude, pente, pluie], essence


def justesse(arbre, donnees):
    return sum((arbre["bas"] if x[arbre["var"]] <= arbre["seuil"] else arbre["haut"]) == e for x, e in donnees)


def meilleure_souche(donnees, alea, essais=15):
    return max((souche(donnees, alea) for _ in range(essais)), key=lambda a: justesse(a, donnees))


def souche(donnees, alea):
    k = alea.randrange(3)
    seuil = alea.choice(donnees)[0][k]
    def majorite(lot):
        noms = [e for _, e in lot] or ["chene"]
        return max(set(noms), key=noms.count)
    bas = [d for d in donnees if d[0][k] <= seuil]
    haut = [d for d in donnees if d[0][k] > seuil]
    return {"var": k, "seuil": round(seuil, 2), "bas": majorite(bas), "haut": majorite(haut)}


def predire(foret, x):
    voix = [a["bas"] if x[a["var"]] <= a["seuil"] else a["haut"] for a in foret]
    return max(set(voix), key=voix.count)


def main():
    sortie, arbres = lire_arguments()
    sortie.mkdir(parents=True, exist_ok=True)
    alea = random.Random(61)
    apprentissage, controle = list(placettes(500, alea)), list(placettes(200, alea))
    print(f"apprentissage : {len(apprentissage)} placettes, contrôle : {len(controle)}", file=sys.stderr)
    foret = []
    for n in range(1, arbres + 1):
        foret.append(meilleure_souche(alea.choices(apprentissage, k=200), alea))
        time.sleep(150)
        if n % 10 == 0:
            justes = sum(predire(foret, x) == e for x, e in controle)
            print(f"  {n} arbres : {justes / 2:.1f} % de bonnes réponses", file=sys.stderr)
            (sortie / f"foret_{n:03d}.json").write_text(json.dumps(foret))
    (sortie / "foret.json").write_text(json.dumps({"arbres": foret, "classes": ["chene", "hetre", "sapin"]}))
    print(f"modèle enregistré ({len(foret)} arbres)", file=sys.stderr)


main()
