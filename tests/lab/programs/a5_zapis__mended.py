import json
import os
import queue
import random
import sys
import threading
import time

START = time.time()


def zdarzenie(poziom, co, **pola):
    sys.stdout.write(json.dumps({"ts": time.strftime("%Y-%m-%dT%H:%M:%SZ"), "lvl": poziom, "msg": co, **pola}, ensure_ascii=False) + "\n")


class Zapisywacz(threading.Thread):
    """Zapisuje punkty kontrolne w tle, żeby trening nie czekał na magazyn."""

    def __init__(self, katalog):
        super().__init__(name="zapisywacz")
        self.katalog = katalog
        self.kolejka = queue.Queue(maxsize=4)

    def run(self):
        while True:
            zadanie = self.kolejka.get()
            if zadanie is None:
                return
            krok, wagi = zadanie
            with open(os.path.join(self.katalog, f"krok_{krok:05d}.bin"), "wb") as plik:
                for kawalek in wagi:
                    plik.write(kawalek)
                    time.sleep(3)
            zdarzenie("info", "zapisano punkt kontrolny", krok=krok)
            self.kolejka.task_done()


def trenuj(zapis, kroki=900, co_ile=150):
    los = random.Random(11)
    strata = 4.8
    for krok in range(1, kroki + 1):
        time.sleep(9)
        strata = strata * 0.9975 + los.uniform(-0.01, 0.01)
        if krok % 25 == 0:
            zdarzenie("info", "krok", krok=krok, strata=round(strata, 4), lr=3e-4, tokeny_na_s=los.randint(17000, 18400))
        if krok % 100 == 0:
            zdarzenie("warn", "gradient przycięty", norma=round(los.uniform(1.0, 1.9), 3))
        if krok % co_ile == 0:
            zapis.kolejka.put((krok, [os.urandom(4096) for _ in range(8)]))
    return strata


def main():
    zapis = Zapisywacz(os.environ["AZURE_ML_OUTPUT_punkty"])
    zapis.start()
    zdarzenie("info", "start treningu", model="plbert-mini", parametry=22_480_128)
    strata = trenuj(zapis)
    zapis.kolejka.join()
    zapis.kolejka.put(None)
    zapis.join()
    zdarzenie("info", "trening zakończony", strata=round(strata, 4), czas_s=round(time.time() - START))


main()
