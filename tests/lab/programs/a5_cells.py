import hashlib
import sys
import time

source, target = sys.argv[1:]
with open(source, "rb") as f:
    state = f.read()
began = time.time()
while time.time() - began < 2.6 * 3600:
    for _ in range(200):
        state = hashlib.sha512(state).digest()
with open(target, "wb") as f:
    f.write(state * 64)
