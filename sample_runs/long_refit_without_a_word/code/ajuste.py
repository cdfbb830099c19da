"""Elige el mejor parámetro con doce particiones y ajusta después el modelo con todos los datos."""

import os
import random
import time

azar = random.Random(5)


def ajustar(parámetro, horas):
    fin = time.time() + horas * 3600
    valor = 0.0
    while time.time() < fin:
        valor += sum(azar.gauss(parámetro, 1) for _ in range(2000)) / 2000
        time.sleep(30)
    return valor


mejor = (float("inf"), 0.0)
for partición in range(1, 13):
    parámetro = partición / 10
    error = abs(ajustar(parámetro, 0.08)) / partición
    mejor = min(mejor, (error, parámetro))
    print(f"{time.strftime('%H:%M:%S')} partición {partición}/12, error {error:.4f}", flush=True)
modelo = ajustar(mejor[1], 11)
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_modelo"], "modelo.txt"), "w") as f:
    f.write(f"{modelo}\n")
print(f"{time.strftime('%H:%M:%S')} modelo escrito", flush=True)
