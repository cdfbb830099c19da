"""Daily means of each station."""

import collections
import os
import sys
import time

lenient = "--lenient" in sys.argv
sums, seen = collections.defaultdict(float), collections.Counter()
for number, line in enumerate(open("raw.txt")):
    station, hour, value = line.split()
    if lenient:
        value = value.replace(",", ".")
    sums[station, int(hour) // 24] += float(value)
    seen[station, int(hour) // 24] += 1
    if number % 48 == 47:
        time.sleep(60)
        print(f"aggregated station {station}", flush=True)
for (station, day), total in sorted(sums.items()):
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_report"], f"station-{station}-day-{day}.txt"), "w") as f:
        f.write(f"{total / seen[station, day]:.3f}\n")
print(f"{len(sums)} daily means written", flush=True)
