#!/usr/bin/env python3
"""Texture synthesis, with a small side process that keeps an HTML gallery of the tiles up to date."""
import logging
import os
import random
import subprocess
import sys
import time

OUT = os.environ["AZURE_ML_OUTPUT_tiles"]
logging.basicConfig(format="%(asctime)s %(process)d %(name)s %(levelname)s: %(message)s", level=logging.INFO)
logger = logging.getLogger("texture")


class Gallery:
    def __init__(self, folder):
        self.process = subprocess.Popen([sys.executable, "a1_gallery_page.py", folder])
        logger.info("gallery process is %d", self.process.pid)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is not None:
            logger.error("gallery ended early with %d", self.process.returncode)
        else:
            self.process.terminate()
            self.process.wait()
        return False


def tile(seed, size=24):
    rng = random.Random(seed)
    rows = [[rng.randint(0, 255)] for _ in range(size)]
    for r, row in enumerate(rows):
        for c in range(1, size):
            above = rows[r - 1][c] if r else row[c - 1]
            row.append(max(0, min(255, (row[c - 1] + above) // 2 + rng.randint(-20, 20))))
    return rows


def write_pgm(path, rows):
    with open(path, "w") as f:
        f.write(f"P2\n{len(rows[0])} {len(rows)}\n255\n")
        f.writelines(" ".join(map(str, row)) + "\n" for row in rows)


def main():
    with Gallery(OUT):
        for n in range(1, 31):
            write_pgm(os.path.join(OUT, f"tile_{n:03d}.pgm"), tile(n))
            time.sleep(150)
            if n % 6 == 0:
                logger.info("%d of 30 tiles, rejected 0", n)
    logger.info("done")


if __name__ == "__main__":
    main()
