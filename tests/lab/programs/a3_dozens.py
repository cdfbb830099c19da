# MCMC: dört zincir, ana süreç çizim aralarında rapor eder
import multiprocessing as mp
import os
import random
import time

from runmetrics import Run


def zincir(no, kuyruk):
    rng = random.Random(no)
    for blok in range(1, 61):
        t = time.time()
        x = 0.0
        while time.time() < t + 300 + 40 * no:
            x += rng.gauss(0, 1)
            time.sleep(20)
        kuyruk.put((no, blok, abs(x)))
    kuyruk.put((no, None, 0.0))


if __name__ == "__main__":
    run = Run.get_context()
    mp.set_start_method("fork")
    kuyruk = mp.Queue()
    isciler = [mp.Process(target=zincir, args=(n, kuyruk)) for n in range(4)]
    [i.start() for i in isciler]
    biten, sayac = 0, 0
    while biten < 4:
        no, blok, deger = kuyruk.get()
        if blok is None:
            biten += 1
            continue
        sayac += 1
        run.log(f"zincir_{no}", deger, step=blok)
        if sayac % 12 == 0:
            print(time.strftime("%d.%m %H:%M"), "çizim blokları:", sayac, "/ 240; ıraksama uyarısı: 0", flush=True)
    for i in isciler:
        i.join()
    open(os.path.join(os.environ["AZURE_ML_OUTPUT_mcmc"], "ozet.txt"), "w").write("tamam\n")
