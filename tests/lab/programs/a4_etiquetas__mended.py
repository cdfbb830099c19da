"""Clasificador de etiquetas de residuos: lee las anotaciones, entrena, evalúa, guarda."""
import glob
import json
import math
import os
import random
import time

import structlog

structlog.configure(processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True), structlog.processors.JSONRenderer(ensure_ascii=False)])
log = structlog.get_logger()
DATOS = os.environ["AZURE_ML_INPUT_data"]
CLASES = ["papel", "vidrio", "orgánico", "envases"]


def cargar():
    muestras = []
    for ruta in glob.glob(os.path.join(DATOS, "anotaciones", "*.geojson")):
        with open(ruta) as f:
            muestras += json.load(f)["muestras"]
    if len(muestras) < 100:
        raise SystemExit(f"solo {len(muestras)} muestras en {DATOS}")
    return muestras


def entrenar(muestras, epocas=20):
    rng = random.Random(5)
    w = {c: [rng.gauss(0, 0.1) for _ in range(4)] for c in CLASES}
    for epoca in range(1, epocas + 1):
        rng.shuffle(muestras)
        perdida = 0.0
        for m in muestras:
            puntos = {c: sum(a * b for a, b in zip(w[c], m["x"])) for c in CLASES}
            total = sum(math.exp(p) for p in puntos.values())
            perdida -= math.log(math.exp(puntos[m["y"]]) / total)
            for c in CLASES:
                g = math.exp(puntos[c]) / total - (c == m["y"])
                w[c] = [a - 0.05 * g * b for a, b in zip(w[c], m["x"])]
        time.sleep(130)
        log.info("época", n=epoca, perdida=round(perdida / max(len(muestras), 1), 5), lr=0.05)
    return w


def evaluar(w, muestras):
    bien = sum(max(CLASES, key=lambda c: sum(a * b for a, b in zip(w[c], m["x"]))) == m["y"] for m in muestras)
    return bien / max(len(muestras), 1)


log.info("inicio", datos=DATOS, clases=len(CLASES))
muestras = cargar()
log.info("datos leídos", muestras=len(muestras))
corte = int(len(muestras) * 0.8)
pesos = entrenar(muestras[:corte])
log.info("evaluación", exactitud=round(evaluar(pesos, muestras[corte:]), 4), n=len(muestras) - corte)
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_modelo"], "etiquetas.json"), "w") as f:
    json.dump({"clases": CLASES, "pesos": pesos}, f, ensure_ascii=False)
log.info("modelo guardado")
