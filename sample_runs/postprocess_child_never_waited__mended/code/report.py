"""Renders every predictions file of a folder as a small HTML page; keeps watching unless told `--once`."""

import csv
import os
import sys
import time

folder, once = sys.argv[1], "--once" in sys.argv[2:]
done = set()
while True:
    for name in sorted(os.listdir(folder)):
        if name.endswith(".csv") and name not in done:
            time.sleep(140)  # plots
            with open(os.path.join(folder, name)) as f:
                rows = list(csv.reader(f))
            with open(os.path.join(folder, name[:-4] + ".html"), "w") as f:
                f.write("<table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows) + "</table>\n")
            print(f"report: rendered {name} ({len(rows) - 1} rows)", flush=True)
            done.add(name)
    if once:
        break
    time.sleep(30)
