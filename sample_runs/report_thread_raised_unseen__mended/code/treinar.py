"""Treina um classificador de churn; o relatório é gravado numa thread à parte."""

import json
import os
import random
import threading
import time

from runmetrics import Run

SAIDA = os.environ["AZURE_ML_OUTPUT_relatorio"]


def grava_relatorio(historico):
    time.sleep(90)  # o resumo demora um pouco
    resumo = {"epocas": len(historico), "melhor": min(historico), "ultima": historico[-1]}
    with open(os.path.join(SAIDA, "relatorio.json"), "w") as f:
        json.dump(resumo, f)
    print("Relatório gravado", flush=True)


def main():
    acaso, run = random.Random(31), Run.get_context()
    print("Carregando 12000 clientes")
    pesos, perda, historico = [0.0] * 8, 0.7, []
    for epoca in range(1, 31):
        perda *= 0.97 + acaso.random() * 0.02
        pesos[epoca % 8] += 0.1 * perda
        historico.append(perda)
        run.log("perda", perda, step=epoca)
        time.sleep(75)
        print(f"Época {epoca:2d} de 30: perda {perda:.4f}, erro de validação {perda / 3:.4f}")
    with open(os.path.join(SAIDA, "pesos.json"), "w") as f:
        json.dump(pesos, f)
    print("Pesos gravados; a preparar o relatório")
    escritor = threading.Thread(target=grava_relatorio, args=(historico,), name="relatorio")
    escritor.start()
    escritor.join()
    if not os.path.exists(os.path.join(SAIDA, "relatorio.json")):
        raise SystemExit("o relatório não foi gravado")
    print("Tudo pronto: pesos e relatório em", os.path.basename(SAIDA))


main()
