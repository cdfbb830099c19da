"""Convertit des images avec quatre fils, sous l'œil d'un témoin de vie."""

import os
import queue
import random
import threading
import time

SORTIE = os.environ["AZURE_ML_OUTPUT_images"]
file_d_attente = queue.Queue()


def temoin():
    battement = 0
    while True:
        battement += 1
        print(f"[{time.strftime('%Hh%M')}] témoin de vie n° {battement}, {file_d_attente.qsize()} images en attente", flush=True)
        time.sleep(300)


def convertir():
    while (numero := file_d_attente.get()) is not None:
        hasard = random.Random(numero)
        time.sleep(hasard.uniform(80, 190))
        with open(os.path.join(SORTIE, f"image{numero:03d}.pgm"), "wb") as f:
            f.write(b"P5 8 8 255\n" + bytes(hasard.randrange(256) for _ in range(64)))


threading.Thread(target=temoin, name="temoin", daemon=True).start()
for numero in range(60):
    file_d_attente.put(numero)
ouvriers = [threading.Thread(target=convertir, name=f"ouvrier-{n}") for n in range(4)]
for ouvrier in ouvriers:
    file_d_attente.put(None)
    ouvrier.start()
for ouvrier in ouvriers:
    ouvrier.join()
print(f"[{time.strftime('%Hh%M')}] 60 images converties", flush=True)
