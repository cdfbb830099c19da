"""Simulação de malha: quatro partes trocam a fronteira a cada passo."""
import multiprocessing as mp
import os
import random
import sys
import time

PASSOS = 40


def parte(numero, encontro):
    sorte, historia = random.Random(numero), []
    for passo in range(1, PASSOS + 1):
        time.sleep(sorte.uniform(60, 100))
        if numero == 3:
            historia.append(sum(sorte.randbytes(1 << 20)))  # basta a soma para o gráfico
        encontro.wait()
        if passo % 4 == 0:
            sys.stdout.write(f"parte={numero} passo={passo} residuo={1 / passo:.5f}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    encontro = mp.Barrier(4)
    partes = [mp.Process(target=parte, args=(n, encontro)) for n in range(4)]
    for p in partes:
        p.start()
    for p in partes:
        p.join()
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_malha"], "fim.txt"), "w") as f:
        f.write(f"{PASSOS} passos\n")
    print("simulação concluída")
