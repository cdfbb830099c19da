"""Renders numbered pages, one every three minutes or so."""

import os
import random
import sys
import time

rng = random.Random(24)
for page in range(1, int(sys.argv[1]) + 1):
    time.sleep(170 + 40 * rng.random())
    with open(os.path.join(sys.argv[2], f"page-{page:03d}.html"), "w") as f:
        f.write(f"<h1>Cluster {page}</h1>\n")
    if page % 5 == 0:
        print(f"render: {page} pages", flush=True)
