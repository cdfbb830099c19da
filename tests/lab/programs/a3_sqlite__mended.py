"""Katalog obserwacji ptaków: rozpoznanie nagrań do bazy SQLite."""
import os
import random
import sqlite3
import time

BAZA = os.path.join(os.environ["AZURE_ML_OUTPUT_ptaki"], "obserwacje.sqlite")
losowy = random.Random(26)
GATUNKI = ["bogatka", "kos", "rudzik", "zięba", "szpak", "sikora uboga"]


def otworz():
    baza = sqlite3.connect(BAZA)
    baza.execute("CREATE TABLE obserwacje (nagranie TEXT, sekunda INTEGER, gatunek TEXT, pewnosc REAL)")
    baza.commit()
    return baza


def rozpoznaj(baza, nagranie):
    wiersze = [(nagranie, s, losowy.choice(GATUNKI), losowy.random()) for s in range(0, 600, 20)]
    baza.executemany("INSERT INTO obserwacje VALUES (?, ?, ?, ?)", wiersze)
    baza.commit()
    return len(wiersze)


def main():
    baza, razem = otworz(), 0
    for n in range(1, 37):
        time.sleep(130)
        razem += rozpoznaj(baza, f"las_{n:02d}.wav")
        if n % 6 == 0:
            print(f"INFO {n:02d}/36 nagrań, wierszy: {razem}")
    licznik, = baza.execute("SELECT count(*) FROM obserwacje").fetchone()
    print(f"INFO w bazie {licznik} wierszy, plik {os.path.basename(BAZA)}")
    baza.close()
    print("INFO koniec")


main()
