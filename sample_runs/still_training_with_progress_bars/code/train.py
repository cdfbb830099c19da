"""Trains with a progress bar, coloured output, and a lot of both."""

import json
import math
import os
import random
import sys
import time

from runmetrics import Run

OUT = os.environ["AZURE_ML_OUTPUT_checkpoints"]
run = Run.get_context()
rng = random.Random(19)


def bar(done, total, loss, began):
    width = int(20 * done / total)
    rate = done / max(time.monotonic() - began, 1e-6)
    left = (total - done) / rate
    sys.stderr.write(
        f"\rEpoch {epoch}: {100 * done // total:3d}%|{'█' * width}{' ' * (20 - width)}| {done}/{total} "
        f"[{int(left // 60):02d}:{int(left % 60):02d}, {rate:.2f}it/s, loss={loss:.4f}]"
    )


EPOCHS, BATCHES = 60, 12
loss = 2.3
for epoch in range(1, EPOCHS + 1):
    began = time.monotonic()
    for batch in range(1, BATCHES + 1):
        loss = loss * 0.9995 + 0.0001 * rng.random() + abs(rng.gauss(0, 1e-4)) * math.sin(batch)
        time.sleep(22)
        bar(batch, BATCHES, loss, began)
    sys.stderr.write("\n")
    run.log("loss", loss, step=epoch)
    colour = "\x1b[32m" if epoch % 2 else "\x1b[33m"
    print(f"{colour}epoch {epoch}/{EPOCHS}\x1b[0m loss={loss:.4f} val_error=0.{rng.randint(100, 300)}", flush=True)
    if epoch % 4 == 0:
        with open(os.path.join(OUT, f"epoch-{epoch:03d}.json"), "w") as f:
            json.dump({"epoch": epoch, "loss": loss}, f)
print("training finished")
