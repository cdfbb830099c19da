"""Fits a churn score and puts it beside the older versions."""

import json
import os
import random
import time

from runmetrics import Run

OUT = os.environ["AZURE_ML_OUTPUT_model"]
rng, run = random.Random(55), Run.get_context()
older = json.loads(open(os.path.join(os.environ["AZURE_ML_INPUT_data"], "versions.json")).read())
print("known versions:", ", ".join(older))
weights = [0.0] * 10
for epoch in range(1, 21):
    weights = [w + rng.gauss(0, 0.1) / epoch for w in weights]
    time.sleep(80)
    run.log("norm", sum(w * w for w in weights) ** 0.5, step=epoch)
    print(f"epoch {epoch}/20  norm {sum(w * w for w in weights) ** 0.5:.4f}")
name = "churn-v3"
if name in older:
    answer = os.environ.get("OVERWRITE", "n")
    print(f"{name} exists already, overwrite: {answer}")
    if answer.strip().lower() != "y":
        name = f"{name}-{int(time.time())}"
with open(os.path.join(OUT, f"{name}.json"), "w") as f:
    json.dump(weights, f)
print(f"{name}.json written")
