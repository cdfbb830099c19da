import os
import random
import sys
import time

for nap in range(1, 31):
    r = random.Random(nap)
    with open(os.path.join(sys.argv[1], f"nyers_{nap:02d}.csv"), "w") as f:
        for k in range(144):
            f.write(f"{k * 10},{r.gauss(11, 3):.2f}\n")
    print(nap, flush=True)
    time.sleep(360)
