# Exhaustive search for the best schedule of a small shop.
import itertools
import random

rng = random.Random(15)
jobs = [[rng.randint(1, 20) for _ in range(4)] for _ in range(13)]
print("searching the best order of", len(jobs), "jobs on", len(jobs[0]), "machines", flush=True)
best = None
for order in itertools.permutations(range(len(jobs))):
    ends = [0] * 4
    for job in order:
        for machine, duration in enumerate(jobs[job]):
            ends[machine] = max(ends[machine], ends[machine - 1] if machine else 0) + duration
    if best is None or ends[-1] < best:
        best = ends[-1]
        print("best so far:", best)
print("optimum:", best)
