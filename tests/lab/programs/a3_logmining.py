"""Кластеризация чужих журналов: какие поломки похожи друг на друга."""
import collections
import json
import os
import random
import re
import time

r = random.Random(314)
SHAPES = [
    "CUDA out of memory. Tried to allocate {} MiB (GPU 0; 15.78 GiB total capacity)",
    "Process exited with code {}",
    "ERROR upload failed after {} retries, giving up",
    "Traceback (most recent call last): KeyError: 'col{}'",
    "NCCL WARN Watchdog caught collective operation timeout: {} ms",
    "slurmstepd: error: Detected {} oom-kill event(s)",
    "job {} cancelled due to time limit",
]
clusters = collections.defaultdict(list)
print("журналов: 1200, форм: неизвестно")
for n in range(1200):
    line = r.choice(SHAPES).format(r.randrange(1, 9000))
    key = re.sub(r"\d+", "#", line)
    if key not in clusters:
        print(f"новый кластер: {line}")
    clusters[key].append(n)
    if n % 100 == 99:
        time.sleep(250)
        print(f"{n + 1}/1200; последний пример: {line}")
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_klastery"], "klastery.json"), "w", encoding="utf-8") as f:
    json.dump({k: len(v) for k, v in clusters.items()}, f, ensure_ascii=False, indent=2)
worst = max(clusters, key=lambda k: len(clusters[k]))
print("самый частый кластер:", worst)
print("Traceback (most recent call last): KeyError: встречается", len(clusters["Traceback (most recent call last): KeyError: 'col#'"]), "раз")
