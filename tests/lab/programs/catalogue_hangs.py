"""Writes sentence vectors and enters them in the data catalogue."""

import hashlib
import json
import os
import random
import time
import urllib.request
from datetime import datetime

OUT = os.environ["AZURE_ML_OUTPUT_vectors"]


def note(text, level="INFO"):
    print(f"{datetime.now():%Y-%m-%d %H:%M:%S.%f}"[:-3] + f" | {level:<8} | vectors:main - {text}", flush=True)


def enter(digest):
    url = os.environ["AZUREML_SERVICE_ENDPOINT"] + "/catalogue/v1/entries"
    body = json.dumps({"name": "sentence-vectors", "sha256": digest}).encode()
    with urllib.request.urlopen(urllib.request.Request(url, body)) as answer:
        return answer.status


def main():
    rng, digest = random.Random(2), hashlib.sha256()
    with open(os.path.join(OUT, "vectors.jsonl"), "w") as f:
        for number in range(600):
            line = json.dumps({"id": number, "v": [round(rng.gauss(0, 1), 4) for _ in range(6)]}) + "\n"
            f.write(line)
            digest.update(line.encode())
            time.sleep(6)
            if number % 60 == 59:
                note(f"{number + 1}/600 sentences")
        note(f"entering {digest.hexdigest()[:12]} in the catalogue")
        status = enter(digest.hexdigest())
        f.write(json.dumps({"sha256": digest.hexdigest(), "catalogue": status}) + "\n")
    note("vectors.jsonl closed", "SUCCESS")


main()
