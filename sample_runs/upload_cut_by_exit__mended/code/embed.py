"""Builds an embedding table and publishes it with the run."""

import os
import random
import struct
import time

from runmetrics import Run

run = Run.get_context()
rng = random.Random(77)
print("building 1,500 embeddings of 64 dimensions", flush=True)
with open("embeddings.bin", "wb") as f:
    f.write(b"EMB1" + struct.pack("<II", 1500, 64))
    for row in range(1500):
        f.write(struct.pack("<64f", *(rng.gauss(0, 1) for _ in range(64))))
        if row % 250 == 249:
            time.sleep(180)
            run.log("rows", row + 1)
            print(f"  {row + 1}/1500", flush=True)
size = os.path.getsize("embeddings.bin")
print(f"uploading embeddings.bin ({size} bytes)", flush=True)
run.upload_file("outputs/embeddings.bin", "embeddings.bin", 65536, 15.0)
os.remove("embeddings.bin")
print("cleaned up the working copy", flush=True)
print("published embeddings, done", flush=True)
