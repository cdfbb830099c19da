"""Power iteration on a random matrix, then a call into a C library."""

import ctypes
import random
import time

from runmetrics import Run

run = Run.get_context()
rng = random.Random(9)
n = 24
matrix = [[rng.random() for _ in range(n)] for _ in range(n)]
v = [1.0] * n
for step in range(1, 701):
    w = [sum(a * b for a, b in zip(row, v)) for row in matrix]
    norm = sum(x * x for x in w) ** 0.5
    v = [x / norm for x in w]
    run.log("eigenvalue", norm, step=step)
    run.log("residual", max(abs(x / norm - y) for x, y in zip(w, v)), step=step)
    run.log("elapsed", step * 4.0, step=step)
    time.sleep(4)
    if step % 25 == 0:
        print(f"iteration {step}: eigenvalue {norm:.6f}", flush=True)
print("passing the vector to the native solver", flush=True)
buffer = (ctypes.c_double * n)(*v)
address = ctypes.addressof(buffer)
print("native solver says", ctypes.c_double.from_address(address).value)
