"""Collects word counts and has them converted by a helper program."""

import collections
import os
import random
import subprocess
import sys
import time

OUT = os.environ["AZURE_ML_OUTPUT_words"]
rng = random.Random(51)
words = "loss epoch batch model layer error token graph".split()
counts = collections.Counter()
print("Counting words in 20 documents", flush=True)
for document in range(1, 21):
    counts.update(rng.choices(words, k=3000))
    time.sleep(55)
    if document % 4 == 0:
        print(f"{document} documents, {sum(counts.values())} words, most frequent: {counts.most_common(1)[0][0]}", flush=True)
with open("counts.tsv", "w") as f:
    f.writelines(f"{w}\t{n}\n" for w, n in counts.most_common())
print("Converting counts.tsv", flush=True)
subprocess.run([sys.executable, "convert.py", "counts.tsv", os.path.join(OUT, "counts.npy")], check=True)
print("Conversion finished", flush=True)
print("Word count job completed successfully", flush=True)
