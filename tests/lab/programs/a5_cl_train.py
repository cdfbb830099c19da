import random, time

rng = random.Random(40)
for tree in range(0, 400, 20):
    time.sleep(100)
    print(f"[{tree + 20}]\ttrain-auc:{0.7 + tree / 2000:.4f}\tvalid-auc:{0.69 + tree / 2400 + rng.uniform(-.004, .004):.4f}", flush=True)
print("model kept in memory of the registry client")
