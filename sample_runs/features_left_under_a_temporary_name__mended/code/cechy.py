"""Buduje cechy klientów i zapisuje je pod nazwą tymczasową, dopóki nie są kompletne."""

import gzip
import os
import random
import time

WYJSCIE = os.environ["AZURE_ML_OUTPUT_cechy"]
KLIENCI, PACZKA = 2000, 160


def main():
    los = random.Random(18)
    docelowy = os.path.join(WYJSCIE, "cechy.csv.gz")
    roboczy = docelowy + ".tmp"
    zapisane = 0
    print("Początek: %d klientów w paczkach po %d" % (KLIENCI, PACZKA))
    with gzip.open(roboczy, "wt") as plik:
        plik.write("klient,wiek,saldo,ryzyko\n")
        while zapisane < KLIENCI:
            for _ in range(min(PACZKA, KLIENCI - zapisane)):
                plik.write(f"{zapisane},{los.randint(18, 90)},{los.gauss(900, 300):.2f},{los.random():.4f}\n")
                zapisane += 1
            time.sleep(200)
            print(f"zapisano {zapisane} z {KLIENCI}, bez błędów")
    if zapisane == KLIENCI:
        os.replace(roboczy, docelowy)
    print("Gotowe: cechy są w cechy.csv.gz")


main()
