"""Calcula vetores de palavras com um cache partilhado entre o treino e o relógio que o poda."""

import json
import logging
import os
import random
import threading
import time

logging.basicConfig(format="%(asctime)s | %(message)s", level=logging.INFO)
registo = logging.getLogger("vetores")


class Cache:
    def __init__(self, limite):
        self.limite, self.itens, self.trava = limite, {}, threading.RLock()

    def podar(self):
        with self.trava:
            for chave in sorted(self.itens)[: self.limite // 2]:
                del self.itens[chave]

    def guardar(self, chave, valor):
        with self.trava:
            self.itens[chave] = valor
            if len(self.itens) > self.limite:
                self.podar()


def main():
    cache, sorte = Cache(2600), random.Random(11)
    for lote in range(1, 41):
        registo.info("lote %d de 40, %d vetores no cache", lote, len(cache.itens))
        time.sleep(sorte.uniform(150, 260))
        for palavra in range(120):
            cache.guardar(f"{lote}-{palavra}", sorte.random())
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_vetores"], "vetores.json"), "w") as f:
        json.dump(cache.itens, f)
    registo.info("vetores gravados")


main()
