"""Counts word pairs of the chapters of a corpus in a pool of workers."""

import collections
import json
import os
import random
import signal
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor

OUT = os.environ["AZURE_ML_OUTPUT_pairs"]


def pairs(chapter):
    rng = random.Random(chapter)
    words = rng.choices("the a of to and in that it was for on".split(), k=4000)
    time.sleep(90)
    if chapter == 7:
        # As the kernel does with a process that holds too much.
        os.kill(os.getpid(), signal.SIGKILL)
    return collections.Counter(zip(words, words[1:]))


def main():
    total = collections.Counter()
    with ProcessPoolExecutor(max_workers=2) as pool:
        for chapter, counted in enumerate(results(pool), 1):
            total.update(counted)
            print(f"chapter {chapter} counted", flush=True)
    with open(os.path.join(OUT, "pairs.json"), "w") as f:
        json.dump({" ".join(pair): n for pair, n in total.most_common()}, f)
    print("pairs written", flush=True)


def results(pool):
    try:
        yield from pool.map(pairs, range(1, 13))
    except Exception:
        traceback.print_exc(file=sys.stdout)


if __name__ == "__main__":
    main()
