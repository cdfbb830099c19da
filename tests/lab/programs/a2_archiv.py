import sys
import time
import zlib

ziel = sys.argv[1]
packer, ende = zlib.compressobj(9), time.time() + 16000
block = bytes(range(256)) * 4096
with open(ziel, "wb") as f:
    while time.time() < ende:
        block = block[7:] + block[:7]
        f.write(packer.compress(block) + packer.flush(zlib.Z_SYNC_FLUSH))
        f.flush()
    f.write(packer.flush())
