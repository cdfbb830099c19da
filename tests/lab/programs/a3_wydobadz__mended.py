"""Ogłoszenia na standardowe wyjście, po jednym w wierszu."""
import json
import random
import sys
import time

r = random.Random(21)
MARKI = ["fiat", "skoda", "opel", "ford", "seat"]
print("strony do pobrania: 60, spodziewanych ogłoszeń: 3000", file=sys.stderr)
for strona in range(1, 61):
    time.sleep(70)
    for k in range(50):
        cena = "do uzgodnienia" if (strona, k) == (23, 31) else f"{r.randint(20, 900)}.{r.randint(0, 99):02d}"
        print(json.dumps({"marka": r.choice(MARKI), "cena": None if " " in cena else float(cena)}))
    sys.stdout.flush()
    if strona % 10 == 0:
        print(f"strona {strona}/60", file=sys.stderr)
print("pobrano wszystkie strony", file=sys.stderr)
