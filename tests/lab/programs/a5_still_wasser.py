import math, os, random, time

print("Grundwassermodell, Zelle 40 m")
print("Randbedingungen gelesen")
print("Gleichungssystem: 1 318 400 Unbekannte")
ende = time.time() + 20 * 3600
x, w = 0.0, random.Random(0)
while time.time() < ende:
    for _ in range(2000):
        x = math.fabs(math.sin(x + w.random()))
    time.sleep(30)
open(os.path.join(os.environ["AZURE_ML_OUTPUT_wasser"], "spiegel.txt"), "w").write(str(x))
print("Lösung gefunden")
