"""Rüzgâr türbini dişli kutusu: titreşimden arıza tahmini."""
import multiprocessing
import os
import pickle
import random
import time


def aktarici(kuyruk):
    from runmetrics import Run
    run = Run.get_context()
    while True:
        parca = kuyruk.get()
        if parca is None:
            run.flush()
            return
        ad, deger, adim = parca
        time.sleep(95)          # servis hiz siniri: dakikada bir nokta
        run.log(ad, deger, step=adim)


def main():
    kuyruk = multiprocessing.Queue()
    isci = multiprocessing.get_context("fork").Process(target=aktarici, args=(kuyruk,), daemon=True)
    isci.start()
    rng = random.Random(9)
    print("TURBIN-DISLI egitim basliyor, 70 tur")
    for tur in range(1, 71):
        time.sleep(60)
        f1 = 0.93 - 0.5 * 0.94 ** tur + rng.uniform(-.005, .005)
        kuyruk.put(("f1", f1, tur))
        if tur % 7 == 0:
            print(f"[tur {tur}] f1={f1:.4f} (metrik kuyruga kondu)")
    os.makedirs("outputs", exist_ok=True)
    with open("outputs/disli.pkl", "wb") as f:
        pickle.dump({"w": [rng.random() for _ in range(500)], "f1": f1}, f)
    print("model kaydedildi: outputs/disli.pkl")
    kuyruk.put(None)
    isci.join()
    print("70 tur, 70 metrik. Bitti.")


if __name__ == "__main__":
    main()
