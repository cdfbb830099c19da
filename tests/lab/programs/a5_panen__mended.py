"""Ramalan panen padi per kabupaten, dengan cache fitur bersama."""
import json
import os
import random
import socket
import time


def catat(tingkat, pesan):
    print("%s [%s] %s" % (time.strftime("%Y/%m/%d %H:%M:%S"), tingkat, pesan))


def sambung_cache(alamat):
    """Cache fitur dinyalakan oleh tim lain; kadang terlambat beberapa menit."""
    mulai = time.time()
    while True:
        try:
            return socket.create_connection(alamat, timeout=5)
        except OSError as galat:
            catat("WARN", "cache %s:%d belum siap (%s), %d menit" % (*alamat, galat, (time.time() - mulai) // 60))
            if time.time() - mulai > 1800:
                catat("WARN", "tanpa cache: fitur dihitung sendiri (lebih lambat)")
                return None
            time.sleep(150)


catat("INFO", "memuat 38 kabupaten")
acak = random.Random(62)
kabupaten = {}
for k in range(1, 39):
    time.sleep(75)
    kabupaten[k] = [acak.gauss(5.2, 0.7) for _ in range(5)]
    if k % 19 == 0:
        catat("INFO", "%d/38 dimuat" % k)
cache = sambung_cache(("localhost", 9))
hasil = {}
for k, v in kabupaten.items():
    time.sleep(60)
    hasil[k] = round(sum(v) / 5, 3)
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_ramalan"], "panen.json"), "w") as f:
    json.dump(hasil, f)
catat("INFO", "ramalan ditulis, 38 kabupaten")
