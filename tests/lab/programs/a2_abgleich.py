import queue
import random
import time

anfragen, antworten = queue.Queue(), queue.Queue()
print("Abgleich beginnt", flush=True)
rng = random.Random(4)
for nummer in range(200):
    time.sleep(5)
    anfragen.put((nummer, rng.random()))
treffer = 0
while True:
    nummer, wert = anfragen.get()
    time.sleep(6)
    treffer += wert > 0.5
    if nummer == 200:
        break
print("Treffer:", treffer, flush=True)
