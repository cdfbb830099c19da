"""Cuts a relief map into sheets, and has previews of them drawn beside it."""

import os
import random
import subprocess
import sys
import time

FOLDER = os.environ["AZURE_ML_OUTPUT_sheets"]


def main():
    os.makedirs("outputs", exist_ok=True)
    with open("outputs/previews.txt", "w") as log:
        drawing = subprocess.Popen(
            [sys.executable, "map_previews.py", "outputs/previews.pgm"],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    print(f"previews are drawn by process {drawing.pid}", flush=True)
    for row in "ABCDEF":
        time.sleep(120)
        rng = random.Random(row)
        with open(os.path.join(FOLDER, f"sheet_{row}.asc"), "w") as sheet:
            sheet.write("\n".join(" ".join(str(rng.randrange(900)) for _ in range(30)) for _ in range(30)) + "\n")
        print(f"sheet {row} cut", flush=True)
    print("all sheets cut", flush=True)
    if drawing.wait() != 0:
        raise SystemExit("the previews failed")


main()
