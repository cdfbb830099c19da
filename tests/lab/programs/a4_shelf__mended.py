#!/usr/bin/env python3
"""Nightly: turn publisher feeds into the shelf catalogue that the apps download."""
import json, os, random, subprocess, sys, time

IN, OUT = os.environ["AZURE_ML_INPUT_data"], os.environ["AZURE_ML_OUTPUT_shelf"]
PUBLISHERS = ["acorn", "birchwood", "calder", "dovetail", "elmfield", "foxglove"]


def say(*words):
    print(time.strftime("%H:%M:%S"), *words, flush=True)


def reshape(publisher):
    """jq is far faster than we are on the big ones"""
    feed = os.path.join(IN, publisher + ".json")
    with open(os.path.join(OUT, publisher + ".ndjson"), "wb") as target:
        subprocess.run(["jq", "-c", '.titles[] | {isbn, title, price: (.price_pence / 100), formats: (.formats // [] | join(","))}', feed], stdout=target, check=True)


def cover_sizes(publisher, rng):
    return {"small": rng.randint(10, 20), "large": rng.randint(90, 200)}


def main():
    rng = random.Random(12)
    say("feeds:", ", ".join(PUBLISHERS))
    index = {}
    for publisher in PUBLISHERS:
        time.sleep(200)
        reshape(publisher)
        for _ in range(10):
            time.sleep(20)
        index[publisher] = {"file": publisher + ".ndjson", "covers_kb": cover_sizes(publisher, rng)}
        say("reshaped", publisher)
    with open(os.path.join(OUT, "index.json"), "w") as f:
        json.dump(index, f, indent=2)
    say("index.json:", len(index), "publishers")
    say("shelf ready")


if __name__ == "__main__":
    sys.exit(main())
