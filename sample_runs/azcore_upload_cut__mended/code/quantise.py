"""Quantises an embedding matrix and publishes it with the run."""

import os
import random
import time

from azureml.core import Run

run = Run.get_context()
rng = random.Random(5)
print("quantising 36 shards", flush=True)
with open("matrix.bin", "wb") as f:
    f.write(b"QEM1")
    for shard in range(1, 37):
        f.write(rng.randbytes(2 * 1024 * 1024))
        time.sleep(3)
        run.log("shards", shard, step=shard)
        if shard % 6 == 0:
            print(f"shard {shard}/36", flush=True)
run.flush(timeout_seconds=300)
print(f"publishing matrix.bin ({os.path.getsize('matrix.bin')} bytes)", flush=True)
run.upload_file("outputs/matrix.bin", "matrix.bin")
print("published", flush=True)
