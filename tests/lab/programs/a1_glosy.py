# Segmentacja nagrań: cechy dla każdego nagrania, próbka widm idzie do procesu, który robi podgląd.
import array
import json
import math
import multiprocessing as mp
import os
import random
import time

WYJSCIE = os.environ["AZURE_ML_OUTPUT_cechy"]
ILE_NAGRAN = 18
ILE_PODGLADOW = 6


def komunikat(tekst):
    print(f"[{mp.current_process().name}] {tekst}", flush=True)


def podglady(kolejka, katalog):
    for _ in range(ILE_PODGLADOW):
        nazwa, widmo = kolejka.get()
        probki = array.array("d", widmo)
        szczyt = max(range(len(probki)), key=probki.__getitem__)
        with open(os.path.join(katalog, f"podglad_{nazwa}.txt"), "w") as plik:
            plik.write(f"{nazwa} szczyt={szczyt} moc={probki[szczyt]:.4f}\n")
    komunikat(f"{ILE_PODGLADOW} podglądów gotowych")


def widmo_nagrania(los):
    f0 = los.uniform(80, 260)
    return array.array("d", (abs(math.sin(f0 * k / 3000)) + los.random() * 0.05 for k in range(6000)))


def main():
    los = random.Random(12)
    kolejka = mp.Queue()
    pomocnik = mp.Process(target=podglady, args=(kolejka, WYJSCIE), name="podglad")
    pomocnik.start()
    wszystkie = {}
    for numer in range(ILE_NAGRAN):
        nazwa = f"nagranie_{numer:02d}"
        widmo = widmo_nagrania(los)
        kolejka.put((nazwa, widmo.tobytes()))
        time.sleep(260)
        wszystkie[nazwa] = {"srednia": sum(widmo) / len(widmo), "max": max(widmo)}
        komunikat(f"{numer + 1:2d}/{ILE_NAGRAN} {nazwa}: średnia {wszystkie[nazwa]['srednia']:.4f}")
    pomocnik.join()
    with open(os.path.join(WYJSCIE, "cechy.json"), "w") as plik:
        json.dump(wszystkie, plik, indent=1)
    komunikat("cechy.json zapisany, koniec pracy")


if __name__ == "__main__":
    main()
