# Fits a logistic regression; a profiler thread records what the process uses.
import math
import random
import resource
import threading
import time

from runmetrics import Run

run = Run.get_context()


class Profiler(threading.Thread):
    def run(self):
        while True:
            used = resource.getrusage(resource.RUSAGE_SELF)
            run.log("peak_memory_mb", round(used.ru_maxrss / 1024, 1))
            time.sleep(600)


def main():
    profiler = Profiler()
    profiler.start()
    rng = random.Random(2)
    w = b = 0.0
    for epoch in range(1, 61):
        loss = 0.0
        for _ in range(400):
            x = rng.gauss(0, 1)
            y = 1 if x + rng.gauss(0, 0.3) > 0.2 else 0
            p = 1 / (1 + math.exp(-(w * x + b)))
            loss -= math.log(p if y else 1 - p)
            w += 0.05 * (y - p) * x
            b += 0.05 * (y - p)
        time.sleep(55)
        run.log("loss", loss / 400, step=epoch)
        if epoch % 5 == 0:
            print("Epoch %d: loss %.4f" % (epoch, loss / 400), flush=True)
    print("coefficients:", round(w, 4), round(b, 4))
    with open("outputs/model.txt", "w") as f:
        f.write(f"{w} {b}\n")
    print("Saved model to outputs/model.txt")
    print("Training complete", flush=True)


main()
