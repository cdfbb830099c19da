"""Tabular Q-learning on a warehouse grid; a viewer process reads the checkpoints while we train."""
import json
import os
import random
import subprocess
import sys
import time
from datetime import datetime

OUT = os.environ["AZURE_ML_OUTPUT_policy"]
N, EPISODES = 6, 60000


def note(text, level="INFO"):
    print(f"{datetime.now():%Y-%m-%d %H:%M:%S} | {level:<8} | rl:main - {text}", flush=True)


def episode(q, rng, eps):
    s, reward = 0, 0.0
    for _ in range(40):
        a = rng.randrange(4) if rng.random() < eps else max(range(4), key=lambda k: q[s][k])
        x, y = s % N, s // N
        x, y = [(x, max(0, y - 1)), (min(N - 1, x + 1), y), (x, min(N - 1, y + 1)), (max(0, x - 1), y)][a]
        t = y * N + x
        r = 1.0 if t == N * N - 1 else -0.01
        q[s][a] += 0.2 * (r + 0.95 * max(q[t]) - q[s][a])
        s, reward = t, reward + r
        if r > 0:
            break
    return reward


def main():
    viewer = subprocess.Popen([sys.executable, "a1_rl_viewer.py", OUT])
    note(f"viewer started, pid {viewer.pid}")
    q, rng = [[0.0] * 4 for _ in range(N * N)], random.Random(2)
    try:
        for k in range(EPISODES):
            total = episode(q, rng, max(0.05, 1 - k / 400))
            time.sleep(5)
            if k % 120 == 119:
                note(f"episode {k + 1}/{EPISODES}: reward {total:.2f}")
            if k % 600 == 599:
                with open(os.path.join(OUT, f"q_{k + 1:05d}.json"), "w") as f:
                    json.dump(q, f)
                note(f"checkpoint q_{k + 1:05d}.json")
    finally:
        viewer.terminate()
        viewer.wait()
    note("training complete")


main()
