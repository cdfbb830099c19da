import os
import random
import time

from runmetrics import Run

run = Run.get_context()
out = os.environ["AZURE_ML_OUTPUT_reef"]
rng = random.Random(41)
STEPS = 160
print("reef bleaching forecaster | params 1.9M | device cpu | amp off")
for step in range(1, STEPS + 1):
    time.sleep(60)
    loss = 2.3 * 0.985**step + rng.uniform(0.2, 0.24)
    run.log("loss", loss, step=step)
    bar = "#" * (step * 30 // STEPS)
    print(f"\rstep {step:>3}/{STEPS} |{bar:<30}| loss={loss:.4f}", end="", flush=True)
    if step % 40 == 0:
        print(f"\nsaving {out}/step{step}.bin")
        with open(f"{out}/step{step}.bin", "wb") as f:
            f.write(rng.randbytes(20000))
print("\nfinished")
