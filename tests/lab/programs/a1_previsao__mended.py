"""Previsão de carga por subestação (média móvel exponencial) e envio dos lotes."""
import json
import os
import random
import subprocess
import sys
import time
from datetime import datetime

DESTINO = os.environ["AZURE_ML_OUTPUT_lotes"]
SUBESTACOES = ["Alvalade", "Benfica", "Cascais", "Loures", "Odivelas", "Sintra", "Almada", "Seixal"]


def diz(texto):
    print(f"{datetime.now():%Y-%m-%d %H:%M:%S} INFO  previsao: {texto}", flush=True)


def serie(rng):
    nivel, valores = 60.0, []
    for h in range(24 * 28):
        nivel += rng.gauss(0, 1.5)
        valores.append(nivel + (18 if 8 <= h % 24 <= 20 else 0))
    return valores


def suaviza(valores, alfa=0.22):
    s, erro = valores[0], 0.0
    for v in valores[1:]:
        erro += abs(v - s)
        s = alfa * v + (1 - alfa) * s
    return s, erro / len(valores)


def lanca_envio():
    registo = open("outputs/envio.log", "w")
    return subprocess.Popen(
        [sys.executable, "a1_previsao_envio.py", "previsoes.jsonl", DESTINO],
        stdout=registo,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def main():
    rng = random.Random(217)
    diz(f"{len(SUBESTACOES)} subestações, 28 dias de histórico")
    with open("previsoes.jsonl", "w") as f:
        for nome in SUBESTACOES:
            ultimo, erro = suaviza(serie(rng))
            for passo in range(60):
                f.write(json.dumps({"local": nome, "h": passo, "mw": round(ultimo + rng.gauss(0, 2), 2)}) + "\n")
            time.sleep(260)
            diz(f"{nome}: erro médio {erro:.2f} MW")
    envio = lanca_envio()
    diz(f"envio dos lotes iniciado (processo {envio.pid})")
    time.sleep(330)
    with open(os.path.join(DESTINO, "indice.json"), "w") as f:
        json.dump({"locais": SUBESTACOES, "lotes": 24, "linhas": 480}, f)
    if envio.wait(timeout=2 * 3600) != 0:
        sys.exit("o envio dos lotes falhou, ver outputs/envio.log")
    diz("lotes enviados e índice gravado; previsão concluída")


if __name__ == "__main__":
    main()
