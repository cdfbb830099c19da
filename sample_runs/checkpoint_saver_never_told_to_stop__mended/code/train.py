"""Trains a tiny two-layer network; checkpoints go through a queue to a saver thread."""

import os
import pickle
import queue
import random
import sys
import threading
import time

from runmetrics import Run

STEPS, EVERY = 1200, 100
OUT = os.environ["AZURE_ML_OUTPUT_checkpoints"]


def say(text):
    print(time.strftime("%H:%M:%S"), text, flush=True)


class CheckpointSaver(threading.Thread):
    """Writes a checkpoint when the next one arrives, so that the newest can still be amended."""

    def __init__(self):
        super().__init__(name="checkpoint-saver")
        self.queue = queue.Queue(maxsize=4)

    def run(self):
        pending = None
        while True:
            item = self.queue.get()
            if pending is not None:
                self.write(*pending)
            if item is None:
                return
            pending = item

    def write(self, step, state):
        path = os.path.join(OUT, f"checkpoint-{step:05d}.pkl")
        with open(path, "wb") as f:
            pickle.dump({"step": step, "state": state}, f)
        say(f"[saver] {os.path.basename(path)} written, {os.path.getsize(path)} bytes")


def main():
    rng = random.Random(3)
    run = Run.get_context()
    saver = CheckpointSaver()
    saver.start()
    hidden = [[rng.gauss(0, 0.3) for _ in range(4)] for _ in range(12)]
    say(f"model has {12 * 4 + 12} parameters; saving every {EVERY} steps")
    loss = 1.0
    for step in range(1, STEPS + 1):
        loss = 0.995 * loss + 0.004 * rng.random()
        row = hidden[step % 12]
        row[step % 4] -= 0.01 * loss
        time.sleep(4.2)
        if step % 25 == 0:
            run.log("loss", round(loss, 5), step=step)
            say(f"step {step}/{STEPS} loss {loss:.5f} error=0.0{step % 90 + 10} it/s 0.24")
        if step % EVERY == 0:
            saver.queue.put((step, [list(r) for r in hidden]))
            say(f"checkpoint {step} handed to the saver")
    say("training loop done, best loss %.5f" % loss)
    saver.queue.put(None)
    saver.join()
    say("all checkpoints are on disk, exiting")


if __name__ == "__main__":
    main()
    sys.stdout.flush()
