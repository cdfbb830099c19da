import asyncio
import datetime as dt
import json
import os
import random

OUT = os.environ["AZURE_ML_OUTPUT_forecast"]
rng = random.Random(88)


def say(*parts):
    print(dt.datetime.utcnow().isoformat(timespec="seconds"), "forecast::", *parts, flush=True)


async def store(depot, curve):
    await asyncio.sleep(rng.uniform(300, 700))  # the share is throttled
    with open(os.path.join(OUT, depot + ".json"), "w") as handle:
        json.dump(curve, handle)


async def model(depot):
    await asyncio.sleep(120)
    return [round(rng.gauss(50, 9), 2) for _ in range(48)]


async def main():
    depots = [f"depot-{c}{n}" for c in "ABCD" for n in range(1, 7)]
    pending = []
    say(len(depots), "depots")
    for depot in depots:
        curve = await model(depot)
        pending.append(asyncio.create_task(store(depot, curve)))
        say(depot, "modelled, peak", max(curve))
    await asyncio.gather(*pending)
    with open(os.path.join(OUT, "index.json"), "w") as handle:
        json.dump(depots, handle)
    say("all", len(depots), "depots modelled and scheduled for storing")


asyncio.run(main())
say("exit")
