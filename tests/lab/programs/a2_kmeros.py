import random
import sys
import time

n = int(sys.argv[1])
rng = random.Random(n)
time.sleep(600)
for _ in range(900 * n * n):
    print("".join(rng.choice("ACGT") for _ in range(9)), rng.randint(1, 99), sep="\t")
