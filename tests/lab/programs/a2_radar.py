"""Échos radar : un processus par antenne calcule, le parent rassemble."""
import multiprocessing as mp
import os
import random
import time

ANTENNES = ("brest", "nancy", "toulouse")


def antenne(nom, sortie):
    alea = random.Random(nom)
    for minute in range(30):
        time.sleep(60)
        sortie.put((nom, minute, alea.randbytes(9000)))
    print(f"<{nom}> 30 minutes traitées", flush=True)


def main():
    sortie = mp.Queue()
    procs = [mp.Process(target=antenne, args=(nom, sortie)) for nom in ANTENNES]
    for p in procs:
        p.start()
    resume = {nom: 0 for nom in ANTENNES}
    for p in procs:
        p.join()
    for _ in range(30 * len(procs)):
        nom, minute, echo = sortie.get()
        resume[nom] += sum(echo)
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_echos"], "echos.txt"), "w") as f:
        for nom, total in resume.items():
            f.write(f"{nom} {total}\n")
    print("<parent> échos rassemblés", flush=True)


if __name__ == "__main__":
    main()
