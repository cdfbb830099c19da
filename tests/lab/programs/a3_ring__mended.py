"""Halo-Austausch im Ring: Grundwasserströmung auf drei Teilgebieten (Sockets, ohne MPI)."""
import json
import os
import random
import socket
import time

rang, groesse = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
KNOTEN = os.environ["AZURE_ML_OUTPUT_feld"]
STELLE = "/tmp/ring_%s_%d"
LAUF = os.environ["AZUREML_RUN_ID"][-10:]


def sagen(text):
    print(time.strftime("%H:%M:%S"), f"[Gebiet {rang}]", text, flush=True)


def verbinden():
    lauscher = socket.socket(socket.AF_UNIX)
    lauscher.bind(STELLE % (LAUF, rang))
    lauscher.listen(1)
    rechts = socket.socket(socket.AF_UNIX)
    while True:
        try:
            rechts.connect(STELLE % (LAUF, (rang + 1) % groesse))
            break
        except OSError:
            time.sleep(30)
    links, _ = lauscher.accept()
    os.unlink(STELLE % (LAUF, rang))
    return links.makefile("r"), rechts.makefile("w")


def schritt(links, rechts, rand, zuerst_senden):
    def senden():
        rechts.write(json.dumps(rand) + "\n")
        rechts.flush()

    if zuerst_senden:
        senden()
        return json.loads(links.readline())
    empfangen = json.loads(links.readline())
    senden()
    return empfangen


def main():
    zufall = random.Random(rang)
    links, rechts = verbinden()
    sagen("verbunden")
    rand, last = [zufall.random() for _ in range(8)], [1.0, 1.0, 1.0]
    for n in range(1, 81):
        time.sleep(60)
        if n == 48:
            last = [1.0, 0.8, 0.9]
            sagen("Last neu verteilt, Reihenfolge neu bestimmt")
        fuehrend = rang == last.index(min(last))
        halo = schritt(links, rechts, rand, fuehrend)
        rand = [(a + b) / 2 for a, b in zip(rand, halo)]
        if n % 8 == 0:
            sagen(f"Schritt {n}/80, Rest {abs(rand[0] - halo[0]):.2e}")
    with open(f"{KNOTEN}/gebiet_{rang}.json", "w") as f:
        json.dump(rand, f)
    sagen("fertig")


main()
