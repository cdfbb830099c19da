import os
import random
import threading
import time

import signal

print("assembling", flush=True)
left, right = threading.Lock(), threading.Lock()


def half(a, b):
    with a:
        time.sleep(900)
        with b:
            time.sleep(60)


t = threading.Thread(target=half, args=(left, right))
t.start()
half(right, left)
t.join()
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_assembly"], "contigs.fa"), "w") as f:
    f.write(">1\nACGT\n")
