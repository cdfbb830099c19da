"""Letzter Schritt: wartet auf die Freigabe der Qualitätssicherung und veröffentlicht."""
import os
import time

MARKE = os.environ.get("FREIGABE", "/tmp/freigabe_kw46_a3.ok")
print("Bericht erzeugt, 14 Seiten")
while not os.path.exists(MARKE):
    time.sleep(300)
print("veröffentlicht")
