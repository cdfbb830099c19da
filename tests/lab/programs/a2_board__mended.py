"""Trains the tyre-wear net; live curves are served for whoever wants to look at them."""
import json
import logging
import math
import os
import subprocess
import sys
import time

logging.basicConfig(format="[%(asctime)s][%(name)s][%(levelname)s] - %(message)s", level=logging.INFO)
log = logging.getLogger("tyres.train")


class Board:
    """The little web page with the curves."""

    def __init__(self, folder):
        self.folder = folder
        self.server = subprocess.Popen([sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder])

    def add(self, step, **values):
        with open(os.path.join(self.folder, "curves.jsonl"), "a") as f:
            f.write(json.dumps({"step": step, **values}) + "\n")

    def stop(self):
        self.server.terminate()
        self.server.wait()


def main():
    os.makedirs("curves", exist_ok=True)
    board = Board("curves")
    wear = 8.0
    for step in range(1, 41):
        time.sleep(100)
        wear -= 0.15 * math.exp(-step / 30)
        board.add(step, wear=wear)
        if step % 5 == 0:
            log.info("step %d wear %.3f mm", step, wear)
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_tyres"], "wear.json"), "w") as f:
        json.dump({"wear": wear}, f)
    log.info("All done, model written.")
    board.stop()


main()
