"""Renders a terrain as a bitmap and uploads it with the run."""

import logging
import math
import os
import time

from runmetrics import Run

logging.basicConfig(level=logging.INFO, format="[%(levelname)s] %(message)s")
run = Run.get_context()


def render(path, side=420):
    with open(path, "wb") as f:
        f.write(f"P5 {side} {side} 255\n".encode())
        for y in range(side):
            f.write(bytes(int(127 + 60 * math.sin(x / 31) + 60 * math.cos(y * x / 997)) for x in range(side)))
            if y % 60 == 59:
                time.sleep(300)
                logging.info("%d of %d rows rendered", y + 1, side)


def publish(path):
    for attempt in range(5):
        try:
            run.upload_file("outputs/terrain.pgm", path, chunk_bytes=16384, seconds_per_chunk=20.0)
            break
        except Exception as exc:
            logging.warning("upload attempt %d of 5 did not work: %s", attempt + 1, exc)
            time.sleep(120)
    else:
        raise SystemExit("terrain.pgm could not be uploaded")
    logging.info("uploaded %s", path)
    os.remove(path)


render("terrain.pgm")
publish("terrain.pgm")
run.log("rendered", 1)
logging.info("terrain is ready")
