"""Renders map sheets one after the other; one that does not fit is rendered in two halves."""

import json
import logging
import os
import resource
import time

ATLAS = os.environ["AZURE_ML_OUTPUT_atlas"]
SHEETS = {"delta": 90, "fjell": 140, "hamn": 60, "kust": 520, "lund": 80, "mark": 110, "skog": 480, "vik": 70}

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)
log = logging.getLogger("sheets")


def render(name, megabytes):
    pixels = bytearray(megabytes << 20)
    pixels[::4096] = b"\x07" * len(pixels[::4096])
    with open(os.path.join(ATLAS, f"{name}.json"), "w") as file:
        json.dump({"sheet": name, "bytes": len(pixels), "marks": [n * 37 % 4096 for n in range(200)]}, file)


resource.setrlimit(resource.RLIMIT_AS, (420 << 20, 420 << 20))
for name, megabytes in SHEETS.items():
    time.sleep(400)
    try:
        render(name, megabytes)
    except MemoryError:
        log.warning("sheet %s (%s MiB): trying again in two halves", name, megabytes, exc_info=True)
        render(f"{name}_west", megabytes // 2)
        render(f"{name}_east", megabytes // 2)
    log.info("sheet %s rendered", name)
log.info("the atlas is done")
