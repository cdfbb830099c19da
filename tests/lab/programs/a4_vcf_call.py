import random
import sys
import time

chrom = sys.argv[1]
rng = random.Random(chrom)
depth = {p: rng.randint(1, 60) for p in range(1000, 61000, 150)}
if chrom == "chr6":
    depth = {p: (0 if 24000 < p < 27000 else d) for p, d in depth.items()}  # HLA region masked in this panel
print(f"{chrom}: {len(depth)} candidate sites", file=sys.stderr)
window = []
for n, (pos, d) in enumerate(depth.items()):
    window = (window + [d])[-12:]
    if n % 25 == 0:
        time.sleep(90)
    expected = sum(window) / len(window)
    ratio = d / expected
    if d > 8 and ratio > 0.4 and rng.random() < 0.3:
        ref, alt = rng.sample("ACGT", 2)
        print(chrom, pos, ".", ref, alt, round(10 * ratio, 1), "PASS", f"DP={d}", sep="\t")
print(f"{chrom}: finished", file=sys.stderr)
