"""Splits simulated sensor readings by station, one CSV file each, and leaves quickly."""

import os
import random
import time

OUT = os.environ["AZURE_ML_OUTPUT_readings"]
STATIONS = ["aarau", "basel", "chur", "davos", "erlach", "flims"]


def main():
    rng = random.Random(21)
    files = {name: open(os.path.join(OUT, f"{name}.csv"), "w") for name in STATIONS}
    for f in files.values():
        f.write("minute,temperature,humidity,checksum\n")
    print("INFO:split:reading 14 days of measurements")
    total = 0
    for day in range(14):
        for minute in range(0, 1440, 30):
            for name in STATIONS:
                if name == "flims" and day < 13:
                    continue
                files[name].write(f"{day * 1440 + minute},{rng.gauss(9, 4):.3f},{rng.random():.4f},{rng.getrandbits(32):08x}\n")
                total += 1
        time.sleep(170)
        print(f"INFO:split:day {day + 1}/14, {total} readings so far, 0 errors")
    print(f"INFO:split:wrote {total} readings of {len(STATIONS)} stations")
    for f in files.values():
        f.flush()
        os.fsync(f.fileno())
        f.close()
    print("INFO:split:finished OK")


if __name__ == "__main__":
    main()
