"""Számlaadatok betöltése a tárházba; a hibás sorok külön fájlba kerülnek, 1 % alatt ez rendben van."""
import csv
import os
import random
import sys
import time
from decimal import Decimal, InvalidOperation

cel = os.environ["AZURE_ML_OUTPUT_tarhaz"]
rng = random.Random(77)


def sorok(nap):
    for i in range(420):
        osszeg = f"{rng.randint(100, 90000)}.{rng.randint(0, 99):02d}"
        if rng.random() < 0.004:
            osszeg = rng.choice(["n/a", "", "12,5e", "#REF!"])
        yield [f"SZ-{nap:02d}-{i:04d}", osszeg, rng.choice(["HUF", "EUR"])]


jo = rossz = 0
with open(f"{cel}/szamlak.csv", "w", newline="") as a, open(f"{cel}/visszautasitva.csv", "w", newline="") as b:
    ki, el = csv.writer(a), csv.writer(b)
    for nap in range(1, 31):
        time.sleep(95)
        for sor in sorok(nap):
            try:
                ki.writerow([sor[0], Decimal(sor[1]).quantize(Decimal("0.01")), sor[2]])
                jo += 1
            except InvalidOperation:
                el.writerow([*sor, "érvénytelen összeg"])
                rossz += 1
                print(f"HIBA: {sor[0]}: érvénytelen összeg {sor[1]!r}, félretéve", file=sys.stderr)
        print(f"{nap}. nap kész: {jo} jó, {rossz} félretéve")
arany = rossz / (jo + rossz)
if arany > 0.01:
    sys.exit(f"túl sok hibás sor: {arany:.2%}")
print(f"betöltve {jo} sor, félretéve {rossz} ({arany:.2%}, határ 1 %)")
