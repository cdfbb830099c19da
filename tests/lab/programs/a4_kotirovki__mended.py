"""Сборщик биржевых стаканов: по задаче на инструмент, на выходе минутные бары."""
import asyncio
import csv
import logging
import os
import random

logging.basicConfig(level=logging.DEBUG, format="%(asctime)s.%(msecs)03d [%(levelname)-7s] %(name)s: %(message)s", datefmt="%H:%M:%S")
сеть, бары = logging.getLogger("net.ws"), logging.getLogger("bars")
logging.getLogger("asyncio").setLevel(logging.INFO)
ВЫХОД = os.environ["AZURE_ML_OUTPUT_bary"]
ИНСТРУМЕНТЫ = ["SBER", "GAZP", "LKOH", "GMKN", "NVTK", "ROSN", "TATN", "MTSS", "ALRS", "CHMF", "PLZL", "MAGN"]


async def стакан(имя, минута, rng):
    await asyncio.sleep(20)
    if rng.random() < 0.02:
        сеть.warning("%s: pong не пришёл вовремя, переподключение", имя)
        await asyncio.sleep(2)
        сеть.info("%s: переподключено", имя)
    покупка = sorted((round(100 + rng.gauss(0, 1), 2) for _ in range(5)), reverse=True)
    продажа = [] if (имя, минута) == ("ALRS", 31) else sorted(round(102 + rng.gauss(0, 1), 2) for _ in range(5))
    сеть.debug("%s seq=%d bid=%s err=0 drop=0", имя, минута * 60, покупка[0])
    return покупка, продажа


async def инструмент(имя):
    rng = random.Random(имя)
    строки = []
    for минута in range(120):
        покупка, продажа = await стакан(имя, минута, rng)
        if not продажа:
            сеть.info("%s: стакан пуст с одной стороны, берём прошлую минуту", имя)
            продажа = [строки[-1][2]]
        строки.append([минута, покупка[0], продажа[0], round(продажа[0] - покупка[0], 2)])
        if минута % 30 == 29:
            бары.info("%s: %d минут", имя, минута + 1)
    with open(os.path.join(ВЫХОД, f"{имя}.csv"), "w", newline="") as f:
        csv.writer(f).writerows([["минута", "bid", "ask", "спред"], *строки])
    бары.info("%s: файл записан", имя)


async def main():
    задачи = [asyncio.create_task(инструмент(имя), name=имя) for имя in ИНСТРУМЕНТЫ]
    бары.info("инструментов: %d", len(задачи))
    готово = await asyncio.gather(*задачи)
    бары.info("готово %d", len(готово))


asyncio.run(main())
бары.info("сессия закрыта")
