"""Mittelt Gradienten in einem Ring aus vier Prozessen, ohne Rahmenwerk."""

import faulthandler
import multiprocessing as mp
import os
import random
import sys
import time

RUNDEN = 40
LINKS = {0: 40, 1: 40, 2: 40, 3: 40}  # rounds that each shard has data for


def arbeite(rang, vom_linken, zum_rechten, pfad):
    faulthandler.dump_traceback_later(3600, repeat=True, file=sys.stderr)
    zufall, gewicht = random.Random(rang), 1.0
    for runde in range(1, min(RUNDEN, LINKS[rang]) + 1):
        time.sleep(zufall.uniform(60, 90))
        gradient = zufall.gauss(0, 0.1)
        if rang == 0:
            zum_rechten.send(gradient)
            summe = vom_linken.recv()
            zum_rechten.send(summe)
        else:
            zum_rechten.send(vom_linken.recv() + gradient)
            summe = vom_linken.recv()
            if rang < 3:
                zum_rechten.send(summe)
        gewicht -= 0.01 * summe / 4
        if runde % 4 == 0:
            print(f"ring[{rang}] {runde}/{RUNDEN} w={gewicht:.5f}", flush=True)
    faulthandler.cancel_dump_traceback_later()
    with open(os.path.join(pfad, f"gewicht-{rang}.txt"), "w") as f:
        f.write(f"{gewicht}\n")


if __name__ == "__main__":
    rohre = [mp.Pipe(duplex=False) for _ in range(4)]
    ring = [
        mp.Process(target=arbeite, args=(r, rohre[r - 1][0], rohre[r][1], os.environ["AZURE_ML_OUTPUT_ring"]))
        for r in range(4)
    ]
    for prozess in ring:
        prozess.start()
    for prozess in ring:
        prozess.join()
    print("ring beendet", flush=True)
