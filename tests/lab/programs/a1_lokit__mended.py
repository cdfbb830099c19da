"""Konenäön tarkastuslinja: mallin ajo kuville, tapahtumat jonon kautta yhteen tiedostoon."""
import collections
import json
import os
import queue
import random
import sys
import threading
import time

ULOS = os.environ["AZURE_ML_OUTPUT_tapahtumat"]
jono = queue.Queue(maxsize=200)


class Kirjaaja(threading.Thread):
    def __init__(self, polku):
        threading.Thread.__init__(self, name="kirjaaja")
        self.tiedosto = open(polku, "w", buffering=1)
        self.laskuri = collections.Counter()

    def run(self):
        while True:
            tapahtuma = jono.get()
            if tapahtuma is None:
                self.tiedosto.close()
                return
            self.tiedosto.write(json.dumps(tapahtuma, ensure_ascii=False) + "\n")
            self.laskuri[tapahtuma["laji"]] += 1
            jono.task_done()


def sano(taso, viesti, *tiedot):
    sys.stdout.write(f"{int(time.time() * 1000)} {taso} [{threading.current_thread().name}] {viesti % tiedot}\n")
    sys.stdout.flush()


def tarkasta(kuva, rng):
    pisteet = [rng.random() for _ in range(5)]
    if rng.random() < 0.02:
        sano("WARN", "kuva %d: valotusvirhe korjattu (exposure error corrected, retry 1/3 ok)", kuva)
    laji = "naarmu" if max(pisteet) > 0.97 else "kunnossa"
    return {"kuva": kuva, "laji": laji, "piste": round(max(pisteet), 4)}


def main():
    rng = random.Random(358)
    sano("WARN", "libGL error: MESA-LOADER: failed to open swrast (ei haittaa, näyttöä ei ole)")
    kirjaaja = Kirjaaja(os.path.join(ULOS, "tapahtumat.jsonl"))
    kirjaaja.start()
    for kuva in range(1, 901):
        jono.put(tarkasta(kuva, rng))
        sano("DEBUG", "kuva %d tarkastettu, jonossa %d", kuva, jono.qsize())
        time.sleep(6)
    jono.put(None)
    kirjaaja.join()
    with open(os.path.join(ULOS, "yhteenveto.json"), "w") as f:
        json.dump(dict(kirjaaja.laskuri), f)
    sano("INFO", "900 kuvaa, naarmuja %d, virheitä 0", kirjaaja.laskuri["naarmu"])
    sano("INFO", "yhteenveto.json tallennettu")


main()
