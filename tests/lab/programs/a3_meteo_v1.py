import random
import time

from runmetrics import Run

run = Run.get_context()
g = random.Random(2)
print("previsione grandine, 90 epoche; se il parametro e' sbagliato fermare pure")
print("ATTENZIONE: tasso di apprendimento 0.3 (di solito 0.03)")
for e in range(1, 91):
    time.sleep(100)
    run.log("csi", 0.4 - 0.2 * 0.97 ** e + g.uniform(-0.01, 0.01), step=e)
    print("epoca", e, "csi", round(0.4 - 0.2 * 0.97 ** e, 4))
