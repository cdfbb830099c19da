"""Prévision de houle : assimile les bouées, puis écrit la grille du jour."""
import asyncio
import json
import os
import random
import time


def dire(qui, quoi):
    print(f"{time.strftime('%H:%M:%S')} <{qui}> {quoi}", flush=True)


async def veiller(config):
    """Relit la configuration toutes les cinq minutes, au cas où un collègue la change."""
    tours = 0
    while True:
        await asyncio.sleep(300)
        tours += 1
        config["relue"] = time.time()
        if tours % 3 == 0:
            dire("veille", f"configuration inchangée ({tours} lectures)")


async def bouee(nom, mesures, hasard):
    for n in range(1, 13):
        await asyncio.sleep(hasard.uniform(200, 700))
        hauteur = abs(hasard.gauss(2.1, 0.8))
        mesures.setdefault(nom, []).append(hauteur)
    dire(nom, f"12 relevés, hauteur max {max(mesures[nom]):.2f} m")


async def assimiler(mesures):
    hasard = random.Random(29)
    await asyncio.gather(*(bouee(f"bouee-{n}", mesures, hasard) for n in ("iroise", "yeu", "oleron", "ferret", "anglet")))
    dire("modele", "assimilation : 5 bouées sur 5")
    grille = [[round(sum(m) / len(m) * (1 + x / 40), 3) for x in range(24)] for m in mesures.values()]
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_grille"], "houle.json"), "w") as f:
        json.dump(grille, f)
    dire("modele", "grille écrite, prévision du jour disponible")


async def principal():
    mesures, config = {}, {}
    veille = asyncio.create_task(veiller(config))
    await assimiler(mesures)
    veille.cancel()
    dire("modele", "fin")


asyncio.run(principal())
