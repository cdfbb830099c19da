# coding: utf-8
# Monitoramento de barragens: ajuste e envio dos indicadores
import os, random, subprocess, time
from runmetrics import Run

run = Run.get_context()
sorteio = random.Random(13)
sonda = subprocess.Popen(["bash", "-c", "while true; do sleep 300; done"])
print("sonda de temperatura ligada, pid", sonda.pid)
for dia in range(1, 61):
    time.sleep(55)
    for nome in ("vazao", "pressao", "deslocamento"):
        run.log(nome, sorteio.gauss(1, 0.1), step=dia)
    if dia == 20:
        print("urllib3.exceptions.MaxRetryError: tentativa 1 falhou; nova tentativa em 30 s")
        time.sleep(30)
        print("tentativa 2 bem-sucedida")
    if dia % 10 == 0:
        print("dia", dia, "de 60")
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_barragem"], "ajuste.txt"), "w") as f:
    for i in range(60):
        f.write("%d %.6f\n" % (i, sorteio.random()))
sonda.kill()
print("sonda encerrada à força (código %d), como planejado" % sonda.wait())
print("aguardando os indicadores; o serviço está lento hoje")
