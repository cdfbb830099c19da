"""Propagates orbits and asks the conjunction screening for each pair (asyncio, one worker per shell)."""
import asyncio
import json
import math
import os
import random
import time
from datetime import datetime, timezone

SHELLS = {"leo": 12, "meo": 6, "geo": 4}
slots = asyncio.Semaphore(2)


def out(kind, **more):
    print(kind.upper().ljust(7), datetime.now(timezone.utc).strftime("%j/%H:%M:%S"), " ".join(f"{k}={v}" for k, v in more.items()), flush=True)


async def refine(name, distance):
    async with slots:
        await asyncio.sleep(20)
        return round(distance * 0.97, 3)


async def screen(shell, number):
    rng = random.Random(f"{shell}{number}")
    async with slots:
        await asyncio.sleep(45)
        distance = abs(math.sin(rng.random() * 6)) * 40
    if distance < THRESHOLD:
        distance = await refine(f"{shell}-{number}", distance)
    return distance

THRESHOLD = float(os.environ.get("CLOSE_KM", "9"))


async def work(shell, count, found):
    for number in range(count):
        found[f"{shell}-{number}"] = await screen(shell, number)
        out("screen", shell=shell, sat=number, km=f"{found[f'{shell}-{number}']:.2f}")


async def main():
    found = {}
    out("begin", shells=len(SHELLS))
    await asyncio.gather(*(work(shell, count, found) for shell, count in SHELLS.items()))
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_passes"], "passes.json"), "w") as f:
        json.dump(found, f)
    out("end", sats=len(found), seconds=f"{time.process_time():.1f}")


asyncio.run(main())
