import collections
import json
import statistics
import sys

ceny = collections.defaultdict(list)
n = 0
for wiersz in sys.stdin:
    o = json.loads(wiersz)
    n += 1
    if o["cena"] is not None:
        ceny[o["marka"]].append(o["cena"])
with open(sys.argv[1], "w") as f:
    f.write("marka;liczba;mediana\n")
    for marka in sorted(ceny):
        f.write(f"{marka};{len(ceny[marka])};{statistics.median(ceny[marka]):.2f}\n")
print(f"policzono mediany z {n} ogłoszeń", file=sys.stderr)
