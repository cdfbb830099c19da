"""Writes one JSON file for each hour of a history; each takes its time."""

import json
import os
import sys
import time

source, target = sys.argv[1:3]
for line in open(source):
    hour, arrivals, served, waiting = map(int, line.split())
    time.sleep(240)
    with open(os.path.join(target, f"hour-{hour:02d}.json"), "w") as f:
        json.dump({"hour": hour, "arrivals": arrivals, "served": served, "waiting": waiting}, f)
