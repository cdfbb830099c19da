import sys
import tarfile
import time
from pathlib import Path

goc = Path(sys.argv[1])
with tarfile.open(goc / "luu_vuc.tar", "w") as goi:
    for canh in sorted((goc / "canh").iterdir()):
        goi.add(canh, canh.name)
        time.sleep(25)
(goc / "luu_vuc.ok").write_text("36\n")
