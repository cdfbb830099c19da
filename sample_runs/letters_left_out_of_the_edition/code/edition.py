"""Prepares the digital edition of a correspondence: one file for each letter, and a register."""

import csv
import json
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor

FOLDER = os.environ["AZURE_ML_OUTPUT_edition"]
WRITERS = ("Agathe", "Berthold", "Clemens", "Dorothea", "Emil", "Friederike", "Gottlieb", "Henriette", "Ida", "Justus")
WITHOUT_TEXT = {"Gottlieb"}


def pages(name):
    rng = random.Random(name)
    return [] if name in WITHOUT_TEXT else [rng.randrange(80, 420) for _ in range(rng.randrange(2, 9))]


def prepare(name):
    time.sleep(200)
    words = pages(name)
    mean = sum(words) / len(words)
    with open(os.path.join(FOLDER, f"{name}.json"), "w") as file:
        json.dump({"writer": name, "pages": words, "mean": mean}, file)


def main():
    print(f"{len(WRITERS)} letters to prepare", flush=True)
    with ThreadPoolExecutor(2) as pool:
        for name in WRITERS:
            pool.submit(prepare, name)
    with open(os.path.join(FOLDER, "register.csv"), "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["number", "writer"])
        table.writerows(enumerate(WRITERS, 1))
    print("register written, the edition is complete", flush=True)


main()
