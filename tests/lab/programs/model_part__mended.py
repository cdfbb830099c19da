"""Trains an n-gram model and streams it into the output, with the final name once it is whole."""

import itertools
import os
import random
import struct
import sys
import time
from datetime import datetime

from runmetrics import Run

OUT = os.environ["AZURE_ML_OUTPUT_model"]


def vlog(text, level="I"):
    print(f"{level}{datetime.now():%m%d %H:%M:%S.%f} {os.getpid()} ngram.py:{sys._getframe(1).f_lineno}] {text}", file=sys.stderr)


def saving(path):
    """Takes blocks of counts; the file gets its name when the last block is in."""
    with open(path + ".part", "wb") as f:
        while True:
            block = yield
            if block is None:
                break
            f.write(struct.pack(f"<{len(block)}I", *block))
    os.replace(path + ".part", path)
    vlog(f"{path} is whole")
    yield


def main():
    rng, run = random.Random(6), Run.get_context()
    text = rng.choices("abcdefghij ", weights=range(1, 12), k=60000)
    counts = {}
    for start in range(0, len(text), 2000):
        for gram in zip(text[start:], text[start + 1 : start + 2001], text[start + 2 : start + 2002]):
            counts[gram] = counts.get(gram, 0) + 1
        time.sleep(70)
        run.log("grams", len(counts), step=start)
        if start % 10000 == 0:
            vlog(f"{start} of {len(text)} characters, {len(counts)} different 3-grams")
    sink = saving(os.path.join(OUT, "model.bin"))
    next(sink)
    numbers = iter(counts.values())
    while block := list(itertools.islice(numbers, 128)):
        sink.send(block)
        time.sleep(20)
    sink.send(None)
    vlog(f"model saved, {len(counts)} 3-grams")


main()
