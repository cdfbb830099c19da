import random
import sys

r = random.Random(sys.argv[1])
for n in range(1200):
    print(f"{sys.argv[1]};{n};{46 + r.random():.5f};{18 + r.random():.5f}")
