# -*- coding: utf-8 -*-
import csv
import os
import sys
import time
import traceback

ВХОД = os.environ["AZURE_ML_INPUT_data"]
ВЫХОД = os.environ["AZURE_ML_OUTPUT_rashod"]


def печать(уровень, текст):
    sys.stdout.write("%s [%s] %s\n" % (time.strftime("%d.%m %H:%M"), уровень, текст))
    sys.stdout.flush()


def читать(путь):
    with open(путь, newline="", encoding="utf-8") as ф:
        return [(с["дата"], float(с["расход"].replace(",", "."))) for с in csv.DictReader(ф)]


def сгладить(ряд, окно=5):
    for н in range(len(ряд)):
        кусок = [з for _, з in ряд[max(0, н - окно) : н + 1]]
        yield ряд[н][0], sum(кусок) / len(кусок)


def обработать(имя):
    ряд = читать(os.path.join(ВХОД, имя))
    time.sleep(280)
    with open(os.path.join(ВЫХОД, имя.replace(".csv", "_сглажено.csv")), "w", encoding="utf-8") as ф:
        for дата, значение in сгладить(ряд):
            ф.write(f"{дата};{значение:.2f}\n")
    return len(ряд)


def main():
    имена = sorted(os.listdir(ВХОД))
    печать("ИНФО", f"постов в наборе: {len(имена)}")
    всего = 0
    for имя in имена:
        try:
            н = обработать(имя)
            всего += н
            печать("ИНФО", f"{имя}: {н} значений")
        except Exception as э:
            печать("ВНИМ", f"{имя}: {э!r}")
            raise
    печать("ИНФО", f"сглаживание закончено, значений: {всего}")


main()
