# Ευρετήριο εφημερίδων: διαβάζει τεύχη και μετρά λέξεις στη μνήμη
import os
import random
import time

ΟΡΙΟ = 500  # MB, όσα δίνει ο κόμβος σε κάθε εργασία
τύχη = random.Random(6)
σελίδες = []


def μνήμη():
    with open("/proc/self/status") as f:
        return next(int(γ.split()[1]) // 1024 for γ in f if γ.startswith("VmRSS"))


for έτος in range(1950, 1966):
    time.sleep(150)
    σελίδες.append(τύχη.randbytes(1 << 20)[:9000])
    print(f"έτος {έτος}: μνήμη {μνήμη()} / {ΟΡΙΟ} MB", flush=True)
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_eurethrio"], "lexeis.txt"), "w") as f:
    f.write(f"{sum(len(σ) for σ in σελίδες)}\n")
print("τέλος", flush=True)
