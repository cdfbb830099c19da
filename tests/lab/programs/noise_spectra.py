"""Reads recordings of a noise survey, and has their spectra written beside it."""

import cmath
import os
import queue
import random
import threading
import time

FOLDER = os.environ["AZURE_ML_OUTPUT_spectra"]
SITES = 18
waiting = queue.Queue()


def spectrum(signal):
    size = len(signal)
    return [
        abs(sum(v * cmath.exp(-2j * cmath.pi * k * n / size) for n, v in enumerate(signal)))
        for k in range(size // 2)
    ]


def write_all():
    for site in range(1, SITES + 1):
        signal = waiting.get()
        levels = spectrum(signal)
        time.sleep(140)
        with open(os.path.join(FOLDER, f"site_{site:02d}.csv"), "w") as file:
            file.write("band,level\n" + "".join(f"{band},{level:.3f}\n" for band, level in enumerate(levels)))
        waiting.task_done()


def main():
    threading.Thread(target=write_all, daemon=True).start()
    for site in range(SITES):
        rng = random.Random(site)
        time.sleep(80)
        waiting.put([rng.gauss(0, 1) for _ in range(64)])
        if site % 6 == 5:
            print(f"{site + 1} sites recorded", flush=True)
    print("survey read to its end", flush=True)


main()
