import os
import random
import time

out = os.environ["AZURE_ML_OUTPUT_tables"]
rng = random.Random(1)
for name in ("holdings", "prices", "positions"):
    time.sleep(700)
    with open(f"{out}/{name}.csv", "w") as f:
        f.writelines(f"{i},{rng.random():.5f}\n" for i in range(400))
    print("table", name, "written")
print("end")
