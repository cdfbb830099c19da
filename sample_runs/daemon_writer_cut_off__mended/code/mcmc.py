"""Samples a posterior with Metropolis; a background thread compresses the chains to disk."""

import gzip
import math
import os
import queue
import random
import threading
import time

from runmetrics import Run

OUT = os.environ["AZURE_ML_OUTPUT_chains"]
work = queue.Queue()


def write_chains():
    while True:
        number, chain = work.get()
        with gzip.open(os.path.join(OUT, f"chain-{number}.csv.gz"), "wt") as f:
            for start in range(0, len(chain), 250):
                f.writelines(f"{value:.9f}\n" for value in chain[start : start + 250])
                f.flush()
                time.sleep(30)  # the share is slow
        work.task_done()


def sample(seed, n=2000):
    rng, x, chain, accepted = random.Random(seed), 0.0, [], 0
    for _ in range(n):
        y = x + rng.gauss(0, 1)
        if math.log(rng.random() + 1e-12) < (x * x - y * y) / 2:
            x, accepted = y, accepted + 1
        chain.append(x)
    return chain, accepted / n


def main():
    run = Run.get_context()
    threading.Thread(target=write_chains, daemon=True, name="writer").start()
    for number in range(6):
        chain, rate = sample(number)
        time.sleep(260)
        run.log("acceptance", rate, step=number)
        print(f"{time.strftime('%b %d %H:%M:%S')} sampler[{os.getpid()}]: chain {number} done, acceptance rate {rate:.3f}", flush=True)
        work.put((number, chain))
    work.join()
    print(f"{time.strftime('%b %d %H:%M:%S')} sampler[{os.getpid()}]: all 6 chains sampled and saved", flush=True)


main()
