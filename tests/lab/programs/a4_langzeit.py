"""Simulation der Netzauslastung, danach Verdichtung der Ergebnisse (dauert)."""
import lzma
import os
import random
import time

ziel = os.environ["AZURE_ML_OUTPUT_netz"]
zufall = random.Random(12)
stand = bytearray()
for stunde in range(24):
    time.sleep(140)
    stand += bytes(min(255, int(abs(zufall.gauss(90, 30)))) for _ in range(6000))
    print("Stunde", stunde, "gerechnet, Spitzenlast", max(stand[-6000:]))
print("verdichte, bitte Geduld")
packer = lzma.LZMACompressor(preset=6)
with open(ziel + "/netz.xz", "wb") as datei:
    for anfang in range(0, len(stand), 12000):
        datei.write(packer.compress(bytes(stand[anfang : anfang + 12000])))
        time.sleep(1150)
    datei.write(packer.flush())
print("netz.xz", os.path.getsize(ziel + "/netz.xz"), "Bytes")
