import os
import sys
import time

origem, destino = sys.argv[1:3]
linhas = open(origem).read().splitlines()
for lote in range(24):
    time.sleep(100)
    with open(os.path.join(destino, f"lote_{lote:03d}.jsonl"), "w") as f:
        f.write("\n".join(linhas[lote * 20 : lote * 20 + 20]) + "\n")
    print(f"lote {lote + 1}/24 enviado", flush=True)
