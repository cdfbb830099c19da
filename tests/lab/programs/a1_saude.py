# Triagem de raio-x (dados sintéticos): treino curto, validação longa, explicações se houver a biblioteca.
import json
import os
import random
import threading
import time

try:
    import shap_explicador  # noqa: F401
except ImportError as falta:
    shap_explicador = None
    print(f"AVISO: {falta}; explicações desligadas (opcional)", flush=True)

PASTA = os.environ["AZURE_ML_OUTPUT_triagem"]


def vigia(intervalo=420):
    inicio = time.time()
    while True:
        time.sleep(intervalo)
        print(f"[vigia] {int(time.time() - inicio) // 60} min no ar, fila 0, mortos 0", flush=True)


def treina(r):
    peso = 0.0
    for epoca in range(1, 9):
        peso += r.uniform(0.05, 0.15)
        time.sleep(120)
        print(f"época {epoca}/8 perda={1 / (1 + peso):.4f}", flush=True)
    return peso


def valida(r, casos=40):
    """Um caso por vez, com doze recortes cada; só escreve no fim."""
    acertos = 0
    for _ in range(casos):
        time.sleep(130)
        acertos += sum(r.random() < 0.9 for _ in range(12)) > 8
    return acertos / casos


def main():
    threading.Thread(target=vigia, daemon=True).start()
    r = random.Random(31)
    peso = treina(r)
    with open(os.path.join(PASTA, "modelo.json"), "w") as f:
        json.dump({"peso": peso}, f)
    print("validação em 40 casos...", flush=True)
    nota = valida(r)
    with open(os.path.join(PASTA, "validacao.json"), "w") as f:
        json.dump({"sensibilidade": nota, "falsos_negativos": int((1 - nota) * 40)}, f)
    if shap_explicador is None:
        print("explicações: puladas, biblioteca ausente", flush=True)
    print(f"sensibilidade {nota:.3f}. Fim.", flush=True)


main()
