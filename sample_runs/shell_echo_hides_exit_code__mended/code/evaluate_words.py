"""Says how well the newest checkpoint does."""

import glob
import json
import os

OUT = os.environ["AZURE_ML_OUTPUT_model"]
newest = max(glob.glob(os.path.join(OUT, "*.json")), key=os.path.getmtime)
weights = json.load(open(newest))
print(f"evaluating {os.path.basename(newest)}: {len(weights)} words")
print(f"positive: {sum(w > 0 for w in weights.values())}, negative: {sum(w <= 0 for w in weights.values())}")
