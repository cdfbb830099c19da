"""Backtest strategii momentum na kwartałach; wynik: tabela + krzywa kapitału."""
import dataclasses
import json
import logging
import os
import random
import statistics
import sys
import time

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(levelname).1s%(asctime)s %(process)d %(filename)s:%(lineno)d] %(message)s", datefmt="%m%d %H:%M:%S")
OUT = os.environ["AZURE_ML_OUTPUT_backtest"]


@dataclasses.dataclass
class Kwartal:
    nazwa: str
    zwrot: float
    sharpe: float
    transakcje: int


def notowania(rok, kw):
    rng = random.Random(rok * 10 + kw)
    dni = 63
    papiery = {}
    for s in range(60):
        # splity: w 2022 część spółek zmieniła symbol w środku kwartału
        urwane = rok == 2022 and s % 9 == 4
        ceny = [rng.uniform(20, 200)]
        for _ in range((0 if urwane else dni) - 1):
            ceny.append(ceny[-1] * (1 + rng.gauss(0.0004, 0.015)))
        papiery[f"S{s:02d}"] = ceny[:0] if urwane else ceny
    return papiery


def policz(rok, kw):
    papiery = notowania(rok, kw)
    time.sleep(260)
    sila = {s: c[40] / c[0] - 1 for s, c in papiery.items()}
    wybrane = sorted(sila, key=sila.get)[-10:]
    zwroty = [papiery[s][-1] / papiery[s][40] - 1 for s in wybrane]
    return Kwartal(f"{rok}Q{kw}", statistics.mean(zwroty), statistics.mean(zwroty) / statistics.pstdev(zwroty), 2 * len(wybrane))


def main():
    wyniki, pominiete = [], []
    kwartaly = [(rok, kw) for rok in range(2019, 2026) for kw in range(1, 5)]
    logging.info("start: %d kwartałów, 60 papierów", len(kwartaly))
    for rok, kw in kwartaly:
        try:
            k = policz(rok, kw)
        except (IndexError, ValueError) as blad:
            pominiete.append((rok, kw, blad))
            continue
        wyniki.append(k)
        logging.info("%s zwrot=%+.2f%% sharpe=%.2f", k.nazwa, 100 * k.zwrot, k.sharpe)
    kapital, krzywa = 1.0, []
    for k in wyniki:
        kapital *= 1 + k.zwrot
        krzywa.append({"kwartal": k.nazwa, "kapital": round(kapital, 5)})
    with open(os.path.join(OUT, "krzywa.json"), "w") as f:
        json.dump(krzywa, f, indent=1)
    with open(os.path.join(OUT, "kwartaly.csv"), "w") as f:
        f.write("kwartal,zwrot,sharpe,transakcje\n")
        f.writelines(f"{k.nazwa},{k.zwrot:.6f},{k.sharpe:.4f},{k.transakcje}\n" for k in wyniki)
    logging.info("koniec: policzono %d z %d, kapitał końcowy %.3f", len(wyniki), len(kwartaly), kapital)


if __name__ == "__main__":
    main()
