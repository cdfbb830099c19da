"""Packs all shards of a folder into one gzip file."""

import glob
import gzip
import os
import sys
import time

source, target = sys.argv[1:3]
with gzip.open(os.path.join(target, "scores.csv.gz"), "wt", compresslevel=9) as packed:
    packed.write("row,score\n")
    for path in sorted(glob.glob(os.path.join(source, "*.csv"))):
        with open(path) as f:
            packed.write(f.read())
        packed.flush()
        time.sleep(240)
with open(os.path.join(target, "_SUCCESS"), "w"):
    pass
