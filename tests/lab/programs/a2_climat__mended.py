"""Modèle climatique jouet : trois tuiles s'échangent leurs bords par des tubes, à chaque pas."""
import faulthandler
import multiprocessing as mp
import os
import random
import sys
import time

PAS = 30


def tuile(rang, gauche, droite):
    faulthandler.dump_traceback_later(7200, repeat=True, file=sys.stderr)
    alea, etat = random.Random(rang), float(rang)
    for pas in range(1, PAS + 1):
        time.sleep(alea.uniform(60, 120))
        if droite is not None:
            droite.send(etat)
        if gauche is not None:
            etat = 0.5 * (etat + gauche.recv())
        if gauche is not None:
            gauche.send(etat)
        if droite is not None:
            etat = 0.5 * (etat + droite.recv()) - 0.6
        if pas % 2 == 0:
            print(f"tuile {rang} | pas {pas:2d}/{PAS} | T={etat:+.3f}", flush=True)
    faulthandler.cancel_dump_traceback_later()


if __name__ == "__main__":
    ab, ba = mp.Pipe()
    bc, cb = mp.Pipe()
    tuiles = [mp.Process(target=tuile, args=a) for a in ((0, None, ab), (1, ba, bc), (2, cb, None))]
    for t in tuiles:
        t.start()
    for t in tuiles:
        t.join()
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_climat"], "fin.txt"), "w") as f:
        f.write("ok\n")
    print("simulation terminée")
