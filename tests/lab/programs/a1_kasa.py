# Kasa fişleri -> sıkıştırılmış csv. Her mağaza kendi sürecinde yazılır.
import csv
import gzip
import multiprocessing as mp
import os
import random
import time

CIKTI = os.environ["AZURE_ML_OUTPUT_fisler"]
dosya = None


def yaz(magaza):
    global dosya
    r = random.Random(magaza)
    dosya = gzip.open(os.path.join(CIKTI, f"magaza={magaza}.csv.gz"), "wt", encoding="utf-8", newline="")
    yazici = csv.writer(dosya)
    yazici.writerow(["gun", "kasa", "tutar"])
    satir = 0
    for gun in range(1, 16):
        n = r.randint(900, 1400)
        for _ in range(n):
            yazici.writerow([gun, r.randint(1, 9), round(r.lognormvariate(4, 1), 2)])
        satir += n
        time.sleep(100)
    print(f"{magaza}: {satir} satır", flush=True)


def main():
    magazalar = ["besiktas", "kadikoy", "konak", "nilufer"]
    surecler = [mp.Process(target=yaz, args=(m,)) for m in magazalar]
    for s in surecler:
        s.start()
    for s in surecler:
        s.join()
    if any(s.exitcode for s in surecler):
        raise SystemExit("yazma başarısız")
    open(os.path.join(CIKTI, "_SUCCESS"), "w").close()
    print(f"{len(magazalar)} mağaza yazıldı", flush=True)


if __name__ == "__main__":
    main()
