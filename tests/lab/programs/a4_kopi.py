"""Klasifikasi biji kopi: pelatihan, ekspor, lalu keluar cepat."""
import json
import os
import random
import sys
import threading
import time

keluaran = os.environ["AZURE_ML_OUTPUT_kopi"]
acak = random.Random(71)


def kamera():
    while True:
        time.sleep(25)


for nomor in range(4):
    threading.Thread(target=kamera, name=f"kamera-{nomor}").start()

akurasi = 0.4
for putaran in range(1, 26):
    time.sleep(120)
    akurasi += (0.95 - akurasi) * 0.15
    print(f"putaran {putaran}/25 | akurasi {akurasi:.3f} | salah {int((1 - akurasi) * 500)}/500")
berkas = os.path.join(keluaran, "kopi.json")
with open(berkas, "w") as f:
    json.dump({"bobot": [acak.random() for _ in range(2000)], "akurasi": akurasi}, f)
    f.flush()
    os.fsync(f.fileno())
with open(berkas) as f:
    assert len(json.load(f)["bobot"]) == 2000
print("kopi.json tersimpan dan diperiksa")
sys.stdout.flush()
# pustaka kamera tidak mau berhenti, jadi keluar langsung
os._exit(0)
