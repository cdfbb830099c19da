"""Estimarea consumului de energie pe cartiere; jurnalul se scrie și la fiecare zece minute, din alarmă."""
import random
import signal
import threading
import time

from runmetrics import Run

run = Run.get_context()
lacat = threading.Lock()
stare = {"cartier": None, "randuri": 0}


def noteaza(text):
    with lacat:
        with open("outputs/jurnal.txt", "a") as f:
            for linie in (time.strftime("%H:%M:%S"), text):
                f.write(linie + " ")
                f.flush()
                time.sleep(15)  # discul partajat
            f.write("\n")
        stare["randuri"] += 1


def la_zece_minute(semnal, cadru):
    noteaza(f"în lucru: {stare['cartier']}")


signal.signal(signal.SIGALRM, la_zece_minute)
signal.setitimer(signal.ITIMER_REAL, 630, 600)
sorti = random.Random(23)
for numar, cartier in enumerate(("Copou", "Nicolina", "Tătărași", "Galata", "Păcurari", "Bucium", "Dacia", "Alexandru"), 1):
    stare["cartier"] = cartier
    for ora in range(12):
        time.sleep(20)
        noteaza(f"{cartier} ora {2 * ora}: {sorti.uniform(2, 9):.2f} MWh")
    run.log("cartiere", numar)
    print(f"{cartier}: gata ({stare['randuri']} rânduri)", flush=True)
signal.setitimer(signal.ITIMER_REAL, 0)
print("estimare încheiată", flush=True)
