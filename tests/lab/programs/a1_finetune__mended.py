import argparse
import json
import math
import os
import random
import time

parser = argparse.ArgumentParser(description="Fine-tunes the intent head.", allow_abbrev=False)
parser.add_argument("--epochs", type=int, required=True)
parser.add_argument("--lr", type=float, default=2e-4)
parser.add_argument("--freeze", choices=["none", "body"], default="body")
args = parser.parse_args()

print("config:", json.dumps(vars(args), sort_keys=True), flush=True)
rng = random.Random(8)
acc = 0.1
for epoch in range(args.epochs):
    time.sleep(170)
    acc = 1 - 0.9 * math.exp(-(epoch + 1) / 6) + rng.gauss(0, 0.004)
    print(f"[epoch {epoch + 1}/{args.epochs}] lr={args.lr * 0.9**epoch:.2e} acc={acc:.4f}", flush=True)
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_head"], "head.json"), "w") as f:
    json.dump({"acc": acc, "w": [rng.gauss(0, 1) for _ in range(32)]}, f)
print("saved head.json", flush=True)
