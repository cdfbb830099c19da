"""Vertragingsmodel spoor: leest ritten vooruit terwijl de boom groeit."""
import logging
import os
import random
import threading
import time

logging.basicConfig(level=logging.DEBUG, format="%(asctime)s.%(msecs)03d %(threadName)-9s %(levelname)-5s %(message)s", datefmt="%H:%M:%S")
log = logging.getLogger("spoor")


class Voorlezer(threading.Thread):
    def __init__(self, trajecten):
        super().__init__(name="voorlezer", daemon=True)
        self.trajecten, self.vol, self.leeg = trajecten, threading.Event(), threading.Event()
        self.leeg.set()
        self.ritten = None

    def run(self):
        for traject, aantal in self.trajecten:
            self.leeg.wait()
            self.leeg.clear()
            time.sleep(60)
            if not aantal:
                log.debug("%s: geen ritten, overgeslagen", traject)
                self.leeg.set()
                continue
            self.ritten = [random.Random(traject + str(n)).expovariate(0.3) for n in range(aantal)]
            self.vol.set()

    def volgende(self):
        self.vol.wait()
        self.vol.clear()
        ritten, self.ritten = self.ritten, None
        self.leeg.set()
        return ritten


def hartslag():
    while True:
        time.sleep(120)
        with open("/proc/self/statm") as f:
            log.debug("hartslag: actief, rss %.0f MB, load %.2f", int(f.read().split()[1]) / 256, os.getloadavg()[0])


TRAJECTEN = [("Asd-Ut", 900), ("Ut-Ehv", 870), ("Ehv-Mt", 410), ("Zl-Gn", 380), ("Zl-Lw", 300), ("Rtd-Hvs", 0), ("Rsd-Vs", 260), ("Nm-Ah", 350)]


def main():
    threading.Thread(target=hartslag, name="hartslag", daemon=True).start()
    lezer = Voorlezer(TRAJECTEN)
    lezer.start()
    gemiddeld = {}
    for nummer in range(sum(1 for _, aantal in TRAJECTEN if aantal)):
        ritten = lezer.volgende()
        time.sleep(540)
        gemiddeld[nummer] = sum(ritten) / len(ritten)
        log.info("boom %d: %d ritten, gemiddelde vertraging %.2f min", nummer + 1, len(ritten), gemiddeld[nummer])
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_bomen"], "bomen.csv"), "w") as f:
        f.writelines(f"{n},{g:.4f}\n" for n, g in gemiddeld.items())
    log.info("klaar, %d bomen", len(gemiddeld))


main()
