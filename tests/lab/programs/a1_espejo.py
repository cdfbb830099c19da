# Entrena un clasificador de titulares (bayes ingenuo) y guarda una copia de cada versión.
import atexit
import collections
import json
import math
import os
import random
import shutil
import threading
import time

SALIDA = os.environ["AZURE_ML_OUTPUT_versiones"]
LOCAL = "versiones_locales"
TEMAS = {
    "deporte": "gol liga partido equipo arbitro final copa".split(),
    "economia": "banco paro deuda bolsa precio salario impuesto".split(),
    "cultura": "libro museo teatro premio novela cine poeta".split(),
}


class Espejo:
    """Copia al almacenamiento lo que aparece en la carpeta local."""

    def __init__(self, origen, destino):
        self.origen, self.destino = origen, destino
        self.copiados = set()
        self.hilo = threading.Thread(target=self._trabajar, daemon=True)

    def arrancar(self):
        self.hilo.start()
        atexit.register(self.terminar)

    def _trabajar(self):
        while True:
            for nombre in sorted(os.listdir(self.origen)):
                if nombre not in self.copiados:
                    shutil.copy(os.path.join(self.origen, nombre), os.path.join(self.destino, nombre))
                    self.copiados.add(nombre)
                    print(f"    (espejo) {nombre} copiado, van {len(self.copiados)}", flush=True)
            time.sleep(45)

    def terminar(self):
        # que no se pierda la última versión
        self.hilo.join()


def titular(azar):
    tema = azar.choice(list(TEMAS))
    otros = azar.choice([p for t, p in TEMAS.items() if t != tema])
    return tema, azar.choices(TEMAS[tema], k=4) + azar.choices(otros, k=2)


def probar(cuentas, azar, n=300):
    bien = 0
    for _ in range(n):
        tema, palabras = titular(azar)
        def nota(t):
            total = sum(cuentas[t].values()) + 1
            return sum(math.log((cuentas[t][p] + 1) / total) for p in palabras)
        bien += max(TEMAS, key=nota) == tema
    return bien / n


def main():
    os.makedirs(LOCAL, exist_ok=True)
    azar = random.Random(88)
    cuentas = {tema: collections.Counter() for tema in TEMAS}
    espejo = Espejo(LOCAL, SALIDA)
    espejo.arrancar()
    for vuelta in range(1, 16):
        for _ in range(40):
            tema, palabras = titular(azar)
            cuentas[tema].update(palabras)
        time.sleep(300)
        acierto = probar(cuentas, azar)
        print(f"vuelta {vuelta:2d}/15   acierto {acierto:.3f}   error {1 - acierto:.3f}", flush=True)
        with open(os.path.join(LOCAL, f"v{vuelta:02d}.json"), "w") as f:
            json.dump({t: dict(c) for t, c in cuentas.items()}, f)
    print(f"Terminado. Mejor modelo: v15 ({acierto:.3f})", flush=True)


main()
