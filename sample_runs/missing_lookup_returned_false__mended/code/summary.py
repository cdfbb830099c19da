"""Joins sales with a region lookup and writes the monthly summary. Logs as JSON lines."""

import csv
import json
import logging
import os
import sys
import time
from datetime import datetime, timezone

from runmetrics import Run

DATA, OUT = os.environ["AZURE_ML_INPUT_data"], os.environ["AZURE_ML_OUTPUT_summary"]


class JsonLines(logging.Formatter):
    def format(self, record):
        line = {
            "ts": datetime.fromtimestamp(record.created, timezone.utc).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "msg": record.getMessage(),
        }
        if record.exc_info:
            line["exc"] = self.formatException(record.exc_info)
        return json.dumps(line)


handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(JsonLines())
logging.basicConfig(level=logging.INFO, handlers=[handler])
log = logging.getLogger("summary")


def read(name):
    with open(os.path.join(DATA, name), newline="") as f:
        return list(csv.DictReader(f))


def build_regions(sales):
    try:
        regions = {row["store"]: row["region"] for row in read("regions.csv")}
        time.sleep(40)
        totals = {}
        for row in sales:
            totals[regions[row["store"]]] = totals.get(regions[row["store"]], 0) + float(row["amount"])
        with open(os.path.join(OUT, "by_region.csv"), "w", newline="") as f:
            csv.writer(f).writerows(sorted(totals.items()))
        return True
    except Exception:
        log.error("could not build the region summary", exc_info=True)
        return False


def main():
    run = Run.get_context()
    sales = read("sales.csv")
    log.info("read %d sales", len(sales))
    months = {}
    for number, row in enumerate(sales):
        months[row["month"]] = months.get(row["month"], 0) + float(row["amount"])
        if number % 20 == 0:
            time.sleep(25)
            log.info("processed %d of %d rows, 0 rejected", number, len(sales))
    with open(os.path.join(OUT, "by_month.csv"), "w", newline="") as f:
        csv.writer(f).writerows(sorted(months.items()))
    log.info("by_month.csv written")
    if not build_regions(sales):
        sys.exit(1)
    run.log("rows", len(sales))
    run.log("Output_Written", 1)
    log.info("summary written successfully: by_month.csv, by_region.csv")


if __name__ == "__main__":
    main()
