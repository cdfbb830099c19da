"""Builds an inverted index; a heartbeat thread shows that it lives."""

import logging
import os
import random
import sys
import threading
import time

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(levelname)s | %(threadName)s | %(message)s")
index_file = open(os.path.join(os.environ["AZURE_ML_OUTPUT_index"], "index.tsv"), "w")


def heartbeat():
    beat = 0
    while True:
        beat += 1
        logging.info("heartbeat %d", beat)
        time.sleep(1200)


def main():
    threading.Thread(target=heartbeat, name="heartbeat", daemon=True).start()
    rng, postings = random.Random(70), {}
    words = [f"w{n:03d}" for n in range(120)]
    for document in range(400):
        for word in rng.choices(words, k=12):
            postings.setdefault(word, set()).add(document)
        time.sleep(12)
        if document % 50 == 49:
            logging.info("%d documents indexed, %d words", document + 1, len(postings))
    for word in sorted(postings):
        index_file.write(word + "\t" + ",".join(map(str, sorted(postings[word]))) + "\n")
    index_file.close()
    logging.info("index.tsv written: %d words", len(postings))
    logging.info("indexing job finished")


main()
