# Pembersihan harga pangan: pembaca -> antrean -> penulis, semuanya asyncio.
import asyncio
import json
import os
import random
import time

KELUARAN = os.environ["AZURE_ML_OUTPUT_harga"]
PASAR = ["Beringharjo", "Bukit Kecil", "Johar", "Kramat Jati", "Pasar Baru", "Sentul", "Tanah Abang", "Turi"]


def tulis_log(pesan):
    print(f"{time.strftime('%H:%M:%S')}  {pesan}", flush=True)


async def pembaca(antrean):
    acak = random.Random(65)
    for pasar in PASAR:
        for hari in range(1, 8):
            await asyncio.sleep(90)
            harga = {b: round(acak.gauss(12000, 900), -2) for b in ("beras", "cabai", "telur")}
            await antrean.put((pasar, hari, harga))
        tulis_log(f"{pasar}: 7 hari terbaca")


async def penulis(antrean):
    isi = {}
    while True:
        pasar, hari, harga = await antrean.get()
        isi.setdefault(pasar, {})[hari] = harga
        if len(isi[pasar]) == 7:
            with open(os.path.join(KELUARAN, pasar.lower().replace(" ", "_") + ".json"), "w") as f:
                json.dump(isi[pasar], f)
            tulis_log(f"{pasar}: disimpan ({len(isi)}/{len(PASAR)})")
        antrean.task_done()


async def utama():
    antrean = asyncio.Queue(maxsize=20)
    await asyncio.gather(pembaca(antrean), penulis(antrean))
    tulis_log("selesai")


asyncio.run(utama())
