"""Computes embeddings by hash bucket: every bucket has a file of its own that stays open while texts come in."""

import os
import random
import time
from array import array

OUT = os.environ["AZURE_ML_OUTPUT_embeddings"]
BUCKETS, DIMENSIONS, TEXTS = 9, 256, 720

rng = random.Random(40)
files = {n: open(os.path.join(OUT, f"bucket_{n}.f32"), "wb", buffering=1 << 20) for n in range(BUCKETS)}
late = 4  # the bucket of texts that wait for their translation
written = dict.fromkeys(files, 0)
for text in range(TEXTS):
    vector = array("f", (rng.gauss(0, 1) for _ in range(DIMENSIONS)))
    vector.tofile(files[text % BUCKETS])
    written[text % BUCKETS] += 1
    if text == 80:
        files[late].flush()  # a look at the first of them
    if text % 120 == 119:
        time.sleep(240)
        print(f"{text + 1} texts embedded", flush=True)
for file in files.values():
    file.close()
time.sleep(120)
print(f"all buckets written: {sorted(written.values())}", flush=True)
