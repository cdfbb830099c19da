"""Ajusta uma curva por descida de gradiente."""

import json
import math
import os
import random
import time

OUT = os.environ["AZURE_ML_OUTPUT_pesos"]
PASSO = 9.0
rng = random.Random(73)
pontos = [(x / 40, 2 * (x / 40) ** 2 - x / 40 + rng.gauss(0, 0.05)) for x in range(80)]
pesos = [0.0, 0.0, 0.0]
for rodada in range(1, 31):
    for _ in range(8):
        erros = [(x, pesos[0] + pesos[1] * x + pesos[2] * x * x - y) for x, y in pontos]
        for grau in range(3):
            pesos[grau] -= PASSO * sum(e * x**grau for x, e in erros) / len(pontos)
    perda = sum(e * e if abs(e) < 1e150 else math.inf for _, e in erros) / len(pontos)
    time.sleep(50)
    print(f"rodada {rodada}: perda={perda:.4g}", flush=True)
with open(os.path.join(OUT, "curva.json"), "w") as f:
    json.dump(pesos, f)
print("curva gravada", flush=True)
