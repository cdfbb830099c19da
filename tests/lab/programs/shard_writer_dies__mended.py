"""Tokenizes documents and hands them to a writer thread, shard by shard."""

import os
import queue
import random
import sys
import threading
import time
from datetime import datetime

OUT = os.environ["AZURE_ML_OUTPUT_shards"]
shards = queue.Queue()


def glog(level, text):
    line = sys._getframe(1).f_lineno
    print(f"{level}{datetime.now():%m%d %H:%M:%S.%f} {os.getpid():7d} tokenize_docs.py:{line}] {text}", flush=True)


def write_shards():
    while True:
        number, documents = shards.get()
        longest = max(len(d) for d in documents)
        mean = sum(len(d) for d in documents) / max(1, len([d for d in documents if d]))
        with open(os.path.join(OUT, f"shard_{number:03d}.txt"), "w") as f:
            f.writelines(" ".join(map(str, d)) + "\n" for d in documents)
        glog("I", f"shard {number}: {len(documents)} documents, mean length {mean:.1f}, longest {longest}")
        shards.task_done()


def main():
    rng = random.Random(5)
    threading.Thread(target=write_shards, name="shard-writer", daemon=True).start()
    glog("I", "vocabulary has 512 tokens")
    for number in range(20):
        empty = number == 17  # a day on which the crawler brought nothing but empty pages
        documents = [[] if empty else rng.choices(range(512), k=rng.randint(4, 30)) for _ in range(5)]
        time.sleep(150)
        shards.put((number, documents))
        if number % 5 == 4:
            glog("I", f"{(number + 1) * 5} documents tokenized")
    glog("I", "all documents tokenized, waiting for the last shards")
    shards.join()
    glog("I", "20 shards written")


main()
