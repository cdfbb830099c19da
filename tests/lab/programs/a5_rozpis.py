import os, random, sys, time

print("nurse rota, ward set B")
print("python", sys.version.split()[0])
best = 10**6
rng = random.Random(77)
for restart in range(1, 37):
    time.sleep(260)
    score = int(rng.expovariate(1 / 900)) + 118
    best = min(best, score)
    print("restart %2d  penalty %5d  best %5d" % (restart, score, best))
os.makedirs("outputs", exist_ok=True)
with open("outputs/rota.txt", "w") as f:
    for nurse in range(40):
        f.write("".join(rng.choice("DNL-") for _ in range(28)) + "\n")
print("rota written, penalty", best)
