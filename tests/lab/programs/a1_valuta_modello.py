import json
import math
import random
import sys
import time


def viti(n, seme):
    r = random.Random(seme)
    for _ in range(n):
        diametro, passo = r.gauss(6, 0.1), r.gauss(1, 0.02)
        yield diametro, passo, abs(diametro - 6) + 4 * abs(passo - 1) < 0.15


def addestra(percorso):
    soglia = 0.5
    for giro in range(1, 16):
        errori = sum((abs(d - 6) + 4 * abs(p - 1) < soglia) != buona for d, p, buona in viti(400, giro))
        soglia -= 0.025
        time.sleep(160)
        print(f"giro {giro:02d}: {errori} errori su 400", flush=True)
    json.dump({"soglia": soglia}, open(percorso, "w"))


def valuta(percorso, uscita):
    modello = json.load(open(percorso))
    giuste = [(abs(d - 6) + 4 * abs(p - 1) < modello["limite"]) == buona for d, p, buona in viti(1000, 99)]
    time.sleep(300)
    json.dump({"precisione": sum(giuste) / 1000}, open(uscita, "w"))
    print(f"precisione {sum(giuste) / 1000:.3f}", flush=True)


globals()[sys.argv[1]](*sys.argv[2:])
