"""Generates the raw measurements; the third station sends a comma for a decimal point."""

import random
import time

rng = random.Random(61)
with open("raw.txt", "w") as f:
    for station in range(6):
        for hour in range(48):
            value = f"{rng.gauss(20, 5):.2f}"
            f.write(f"{station} {hour} {value.replace('.', ',') if station == 3 and hour == 30 else value}\n")
        time.sleep(90)
        print(f"station {station}: 48 values", flush=True)
