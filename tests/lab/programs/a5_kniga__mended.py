# -*- coding: utf-8 -*-
"""Распознавание старых книг: страницы раздаются пулу, счётчики ведёт отдельный поток."""
import multiprocessing
import os
import random
import threading
import time


class Счётчики:
    def __init__(self):
        self.замок = threading.Lock()
        self.данные = {"страниц": 0, "слов": 0}

    def добавить(self, слов):
        with self.замок:
            self.данные["страниц"] += 1
            self.данные["слов"] += слов

    def показать(self):
        with self.замок:
            time.sleep(20)  # пишем на медленный общий диск
            with open("schetchiki.txt", "w") as ф:
                ф.write(repr(self.данные))


счётчики = Счётчики()


def распознать(страница):
    г = random.Random(страница)
    time.sleep(г.uniform(5, 25))
    слов = г.randint(150, 420)
    счётчики.добавить(слов)
    return слов


def следить():
    while True:
        счётчики.показать()
        time.sleep(7)


def main():
    print("%s начинаем, томов: 9" % time.strftime("%d.%m %H:%M"))
    threading.Thread(target=следить, daemon=True).start()
    time.sleep(3)
    итог = []
    for том in range(1, 10):
        with multiprocessing.get_context("spawn").Pool(3) as пул:
            слова = пул.map(распознать, range(том * 1000, том * 1000 + 40), chunksize=1)
        итог.append(sum(слова))
        print("%s том %d: 40 страниц, %d слов, ошибок нет" % (time.strftime("%d.%m %H:%M"), том, итог[-1]))
        time.sleep(300)
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_knigi"], "slova.csv"), "w") as ф:
        ф.write("\n".join("%d;%d" % пара for пара in enumerate(итог, 1)) + "\n")
    print("готово")


if __name__ == "__main__":
    main()
