import logging
import os
import random
import threading
import time

logging.basicConfig(format="%(levelname)s %(asctime)s %(name)s — %(message)s", level=logging.DEBUG)
журнал = logging.getLogger("тайлы")
КУДА = os.environ["AZURE_ML_OUTPUT_tiles"]


class Кэш:
    """Снимки в памяти, не больше заданного объёма."""

    def __init__(self, предел):
        self.предел, self.данные, self.замок = предел, {}, threading.Lock()

    def объём(self):
        with self.замок:
            return sum(len(д) for д in self.данные.values())

    def положить(self, ключ, снимок):
        with self.замок:
            if len(self.данные) >= self.предел:
                self.вытеснить()
            self.данные[ключ] = снимок

    def вытеснить(self):
        самый_старый = next(iter(self.данные))
        журнал.debug("вытесняю %s, занято %d байт", самый_старый, self.объём())
        del self.данные[самый_старый]


def main():
    кэш, случай = Кэш(предел=40), random.Random(5)
    with open(os.path.join(КУДА, "индекс.csv"), "w", encoding="utf-8") as индекс:
        for номер in range(1, 61):
            time.sleep(случай.uniform(40, 110))
            снимок = bytes(случай.randrange(256) for _ in range(512))
            кэш.положить(f"снимок_{номер:03d}", снимок)
            индекс.write(f"{номер},{sum(снимок)}\n")
            журнал.info("снимок %d из 60 разобран", номер)
    журнал.info("готово")


main()
