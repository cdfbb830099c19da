"""Simulated annealing on a small travelling-salesman tour; logs every move."""

import math
import os
import random
import time

from runmetrics import Run

run = Run.get_context()
rng = random.Random(12)
cities = [(rng.random(), rng.random()) for _ in range(30)]
tour = list(range(30))


def length(t):
    return sum(math.dist(cities[a], cities[b]) for a, b in zip(t, t[1:] + t[:1]))


best, temperature = length(tour), 1.0
for step in range(1, 901):
    i, j = sorted(rng.sample(range(30), 2))
    candidate = tour[:i] + tour[i : j + 1][::-1] + tour[j + 1 :]
    gain = length(tour) - length(candidate)
    if gain > 0 or rng.random() < math.exp(gain / temperature):
        tour = candidate
    best = min(best, length(tour))
    temperature *= 0.995
    run.log("tour_length", length(tour), step=step)
    run.log("best_length", best, step=step)
    run.log("temperature", temperature, step=step)
    time.sleep(4)
    if step % 30 == 0:
        print(f"step={step} best={best:.4f} temperature={temperature:.4f}", flush=True)
with open("outputs/tour.txt", "w") as f:
    f.write(" ".join(map(str, tour)) + "\n")
print(f"finished 900 steps, best tour {best:.4f}", flush=True)
os._exit(0)  # the cluster's shutdown hooks take minutes otherwise
