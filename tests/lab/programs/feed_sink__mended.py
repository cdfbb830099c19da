"""Feeds simulated meter readings to the sink that writes them to the output."""

import logging
import os
import random
import subprocess
import sys
import time

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s,%(levelname)s,%(message)s", datefmt="%H:%M:%S")
fifo = os.path.abspath("readings.fifo")
target = os.path.join(os.environ["AZURE_ML_OUTPUT_readings"], "readings.csv")
os.mkfifo(fifo)
sink = subprocess.Popen(
    [sys.executable, "sink.py", fifo, target, "--once"],
    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
)
rng = random.Random(64)
with open(fifo, "w") as feed:
    for hour in range(48):
        for meter in range(20):
            feed.write(f"{hour},{meter},{rng.gauss(3, 0.8):.3f}\n")
        feed.flush()
        time.sleep(90)
        if hour % 8 == 7:
            logging.info("%d hours fed to the sink", hour + 1)
logging.info("48 hours x 20 meters fed")
if sink.wait():
    sys.exit("the sink failed")
logging.info("readings.csv is complete")
