import random
import sys
import time

r = random.Random(34)
with open(sys.argv[1], "w") as f:
    f.write("alan,oda,kat,fiyat\n")
    for i in range(900):
        alan, oda, kat = r.randint(40, 210), r.randint(1, 6), r.randint(0, 14)
        f.write(f"{alan},{oda},{kat},{alan * 31 + oda * 120 - kat * 8 + r.gauss(0, 300):.0f}\n")
time.sleep(400)
print("900 satır yazıldı, 0 hatalı satır", flush=True)
