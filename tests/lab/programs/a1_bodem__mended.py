"""Bodemkaarten per provincie: elke draad leest zijn metingen en schrijft een kaart."""
import os
import pathlib
import threading
import time

IN = pathlib.Path(os.environ["AZURE_ML_INPUT_data"])
UIT = pathlib.Path(os.environ["AZURE_ML_OUTPUT_kaarten"])
slot = threading.Lock()


def meld(tekst):
    with slot:
        print(time.strftime("%H:%M:%S"), tekst, flush=True)


def lees(provincie):
    for regel in (IN / f"{provincie}.txt").read_text().splitlines():
        x, y, zuurgraad = regel.split()
        if zuurgraad != "nvt":  # niet gemeten
            yield int(x), int(y), float(zuurgraad)


def verwerk(provincie, wacht):
    meld(f"{provincie}: begonnen")
    metingen = list(lees(provincie))
    time.sleep(wacht)
    gemiddeld = sum(m[2] for m in metingen) / len(metingen)
    with open(UIT / f"{provincie}.asc", "w") as kaart:
        kaart.write(f"ncols 20\nnrows {len(metingen) // 20}\n")
        for k in range(0, len(metingen), 20):
            kaart.write(" ".join(f"{m[2]:.2f}" for m in metingen[k : k + 20]) + "\n")
    meld(f"{provincie}: {len(metingen)} metingen, gemiddelde pH {gemiddeld:.2f}")


def main():
    provincies = sorted(p.stem for p in IN.glob("*.txt"))
    meld(f"{len(provincies)} provincies, waarschuwing: geen GPU, verder op CPU")
    draden = [threading.Thread(target=verwerk, args=(p, 500 + 170 * k)) for k, p in enumerate(provincies)]
    for draad in draden:
        draad.start()
        time.sleep(30)
    for draad in draden:
        draad.join()
    time.sleep(120)
    (UIT / "legenda.txt").write_text("pH < 5 zuur; 5 tot 7 neutraal; > 7 kalkrijk\n")
    meld("alle kaarten klaar, legenda geschreven")


main()
