"""Buduje indeks zdań: jeden wątek dopisuje, drugi porządkuje."""

import os
import random
import threading
import time

indeks, dziennik = threading.Lock(), threading.Lock()
plik = open(os.path.join(os.environ["AZURE_ML_OUTPUT_indeks"], "indeks.tsv"), "w")
słowa = {}


def powiedz(tekst):
    print(f"{time.strftime('%H:%M:%S')} [{threading.current_thread().name}] {tekst}", flush=True)


def dopisuj():
    los = random.Random(40)
    for zdanie in range(1, 301):
        with indeks:
            for słowo in los.choices(range(90), k=8):
                słowa.setdefault(słowo, []).append(zdanie)
            time.sleep(4)
            if zdanie % 25 == 0:
                with dziennik:
                    plik.write(f"# {zdanie} zdań\n")
                    powiedz(f"{zdanie} z 300 zdań w indeksie")
        time.sleep(4)


def porządkuj():
    for przebieg in range(1, 6):
        time.sleep(500)
        with indeks, dziennik:  # zawsze w tej kolejności
            powiedz(f"porządkowanie, przebieg {przebieg}")
            time.sleep(210 if przebieg == 3 else 10)
            for miejsca in słowa.values():
                miejsca.sort()


wątki = [threading.Thread(target=dopisuj, name="dopisywanie"), threading.Thread(target=porządkuj, name="porządki")]
for wątek in wątki:
    wątek.start()
for wątek in wątki:
    wątek.join()
for słowo, miejsca in sorted(słowa.items()):
    plik.write(f"{słowo}\t{','.join(map(str, miejsca))}\n")
plik.close()
powiedz("indeks zapisany")
