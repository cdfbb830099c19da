import os
import random
import time

from runmetrics import Run

run = Run.get_context()
sorte = random.Random(351)
print("Validação cruzada do modelo de cheias, 12 dobras (cada dobra demora cerca de 40 minutos)")
for dobra in range(1, 13):
    time.sleep(2400 + sorte.uniform(-200, 300))
    nash = sorte.uniform(0.71, 0.88)
    run.log("nash", nash, step=dobra)
    print("dobra {:>2}/12 | Nash-Sutcliffe {:.3f} | tempo {}".format(dobra, nash, time.strftime("%Hh%M")))
os.makedirs("outputs", exist_ok=True)
with open("outputs/validacao.txt", "w") as f:
    f.write("ok\n")
print("validação concluída")
