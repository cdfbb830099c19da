import random
import time

random.seed(1)
print("ingest: orchards=212 sensors=1804")
for batch in range(1, 9):
    time.sleep(120)
    print(f"ingest: batch {batch}/8 rows={random.randint(80000, 99000)} rejected={random.randint(0, 40)}")
print("ingest: complete")
