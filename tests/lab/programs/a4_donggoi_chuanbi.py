import random
import sys
import time
from pathlib import Path

goc = Path(sys.argv[1]) / "canh"
goc.mkdir()
rng = random.Random(1010)
for so in range(36):
    time.sleep(50)
    (goc / f"canh_{so:02d}.raw").write_bytes(rng.randbytes(40_000))
    if so % 4 == 3:
        print(f"đã xử lý {so + 1}/36 cảnh, mây che {rng.randint(2, 40)}%", flush=True)
