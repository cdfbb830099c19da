"""Mass-balance emulator: small recurrent net, hand-written backprop through a linear cell."""
import json
import math
import os
import random
import sys
import time

from runmetrics import Run

OUT = os.environ["AZURE_ML_OUTPUT_emulator"]
STEPS_PER_EPOCH, EPOCHS, LR = 30, 24, 0.01


def bar(epoch, done, loss):
    width = 24
    filled = "#" * (done * width // STEPS_PER_EPOCH)
    sys.stderr.write(f"\repoch {epoch:>2}/{EPOCHS} [{filled:<{width}}] {done}/{STEPS_PER_EPOCH} loss={loss:.3e}")
    sys.stderr.flush()


def series(rng):
    x = [rng.gauss(0, 1) for _ in range(8)]
    return x, sum(v * 0.6 ** (7 - k) for k, v in enumerate(x)) - 0.4


def forward(params, x):
    a, b, c = params
    h, dha, dhb = 0.0, 0.0, 0.0
    for v in x:
        dha, dhb = h + a * dha, v + a * dhb
        h = a * h + b * v
    return h + c, (dha, dhb, 1.0)


def main():
    run = Run.get_context()
    rng = random.Random(3)
    params = [0.3, 0.1, 0.0]
    for epoch in range(1, EPOCHS + 1):
        total = 0.0
        for step in range(1, STEPS_PER_EPOCH + 1):
            x, y = series(rng)
            out, grads = forward(params, x)
            error = out - y
            total += error * error
            params = [p - LR * 2 * error * g for p, g in zip(params, grads)]
            time.sleep(4)
            if step % 6 == 0:
                bar(epoch, step, total / step)
        sys.stderr.write("\n")
        run.log("train_loss", total / STEPS_PER_EPOCH, step=epoch)
    with open(os.path.join(OUT, "emulator.json"), "w") as f:
        json.dump({"a": params[0], "b": params[1], "c": params[2], "epochs": EPOCHS}, f)
    print(f"emulator.json written after {EPOCHS} epochs")


main()
