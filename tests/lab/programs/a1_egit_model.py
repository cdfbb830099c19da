import csv
import json
import pathlib
import sys
import time

satirlar = [[float(x) for x in s] for s in list(csv.reader(open(sys.argv[1])))[1:]]
klasor = pathlib.Path(sys.argv[2])
olcek = [max(s[k] for s in satirlar) for k in range(4)]
satirlar = [[s[k] / olcek[k] for k in range(4)] for s in satirlar]
w = [0.0, 0.0, 0.0, 0.0]
for devir in range(1, 26):
    kayip = 0.0
    for a, o, k, hedef in satirlar:
        sapma = w[0] * a + w[1] * o + w[2] * k + w[3] - hedef
        kayip += sapma * sapma
        for j, x in enumerate((a, o, k, 1.0)):
            w[j] -= 0.02 * sapma * x
    time.sleep(210)
    print(f"devir {devir}/25 - kayıp: {kayip / len(satirlar):.5f}", flush=True)
    if devir % 5 == 0:
        (klasor / f"devir_{devir:02d}.json").write_text(json.dumps(w))
(klasor / "model.json").write_text(json.dumps({"w": w, "olcek": olcek}))
print("model.json kaydedildi", flush=True)
